import type { RedisOptions } from 'ioredis';
import { z } from 'zod';
import { commaList, flag, port } from './fragments';

/** `REDIS_URL`, or the separate settings, or Sentinel. */
export const redisEnvironment = {
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'expected a redis:// or rediss:// address' }).optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: port(6379),
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_DB: z.coerce.number('expected a database number').int().min(0).max(15).default(0),
  REDIS_TLS: flag.default(false),
  REDIS_SENTINELS: commaList.optional(),
  REDIS_SENTINEL_NAME: z.string().optional(),
  REDIS_CLUSTER_NODES: z
    .string()
    .optional()
    .refine(
      (nodes) => nodes === undefined,
      'Redis Cluster is not supported yet; use one server or REDIS_SENTINELS',
    ),
};

type RedisEnvironment = z.output<z.ZodObject<typeof redisEnvironment>>;

/**
 * Where Redis is, as ioredis takes it.
 *
 * @returns `undefined` when no Redis is configured: the service runs in fallback mode
 */
export function redisOptions(environment: RedisEnvironment): RedisOptions | undefined {
  if (environment.REDIS_SENTINELS?.length) return fromSentinels(environment, environment.REDIS_SENTINELS);
  if (environment.REDIS_URL) return fromUrl(new URL(environment.REDIS_URL));
  if (environment.REDIS_HOST === undefined) return undefined;
  return {
    host: environment.REDIS_HOST,
    port: environment.REDIS_PORT,
    ...credentials(environment),
    ...(environment.REDIS_TLS && { tls: { servername: environment.REDIS_HOST } }),
  };
}

function fromUrl(url: URL): RedisOptions {
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 6379 : Number(url.port),
    ...(url.username !== '' && { username: decodeURIComponent(url.username) }),
    ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
    db: Number(url.pathname.slice(1)) || 0,
    ...(url.protocol === 'rediss:' && { tls: { servername: url.hostname } }),
  };
}

function fromSentinels(environment: RedisEnvironment, sentinels: readonly string[]): RedisOptions {
  return {
    name: environment.REDIS_SENTINEL_NAME ?? 'mymaster',
    sentinels: sentinels.map((address) => {
      const [host = '', sentinelPort] = address.split(':');
      return { host, port: sentinelPort === undefined ? 26_379 : Number(sentinelPort) };
    }),
    ...credentials(environment),
    ...(environment.REDIS_TLS && { tls: {} }),
  };
}

function credentials(environment: RedisEnvironment): RedisOptions {
  return {
    ...(environment.REDIS_USERNAME !== undefined && { username: environment.REDIS_USERNAME }),
    ...(environment.REDIS_PASSWORD !== undefined && { password: environment.REDIS_PASSWORD }),
    db: environment.REDIS_DB,
  };
}
