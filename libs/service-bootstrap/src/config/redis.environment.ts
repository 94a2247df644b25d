import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { z } from 'zod';
import { commaList, flag, portNumber, readableFile } from './fragments';
import type { installationEnvironment } from './installation';
import { hostAndPort, readRedisUrl, type RedisAddress } from './redis-url';

/** `REDIS_URL`, or the separate settings, or Sentinel. What the address leaves out the separate settings may add. */
export const redisEnvironment = {
  REDIS_URL: z
    .string()
    .transform((text, context): RedisAddress => {
      const address = readRedisUrl(text);
      if (typeof address !== 'string') return address;
      context.addIssue({ code: 'custom', message: address });
      return z.NEVER;
    })
    .optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: portNumber.optional(),
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_DB: z.coerce.number('expected a database number').int().min(0).max(15).optional(),
  REDIS_TLS: flag.optional(),
  /** The same under the name other programs use. */
  REDIS_SSL: flag.optional(),
  REDIS_TLS_CA: readableFile.optional(),
  REDIS_TLS_CERT: readableFile.optional(),
  REDIS_TLS_KEY: readableFile.optional(),
  REDIS_SENTINELS: commaList
    .transform((entries, context) =>
      entries.map((entry, index) => {
        const address = hostAndPort(entry, 26_379);
        if (address !== undefined) return address;
        const message = `entry ${index + 1} of ${entries.length}: expected host:port or [IPv6 address]:port`;
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      }),
    )
    .optional(),
  REDIS_SENTINEL_NAME: z.string().optional(),
  REDIS_SENTINEL_PASSWORD: z.string().optional(),
  REDIS_CLUSTER_NODES: z
    .string()
    .optional()
    .refine(
      (nodes) => nodes === undefined,
      'Redis Cluster is not supported yet; use one server or REDIS_SENTINELS',
    ),
};

type RedisEnvironment = z.output<z.ZodObject<typeof redisEnvironment>> &
  Partial<z.output<z.ZodObject<typeof installationEnvironment>>>;

/**
 * What contradicts itself among the settings: each would have to be ignored for the other.
 *
 * Give it to `.superRefine` of the schema that has these settings.
 */
export function contradictingRedisSettings(environment: RedisEnvironment, context: z.RefinementCtx): void {
  for (const [variable, message] of contradictions(environment)) {
    context.addIssue({ code: 'custom', path: [variable], message });
  }
}

function contradictions(env: RedisEnvironment): [string, string][] {
  const { REDIS_URL: url, REDIS_TLS: tls, REDIS_SSL: ssl } = env;
  const found: [string, string | false][] = [
    ['REDIS_SSL', tls !== undefined && ssl !== undefined && tls !== ssl && 'says the opposite of REDIS_TLS'],
    [
      'REDIS_TLS_CERT',
      (env.REDIS_TLS_CERT === undefined) !== (env.REDIS_TLS_KEY === undefined) &&
        'needed together with REDIS_TLS_KEY',
    ],
    [
      'REDIS_URL',
      url !== undefined &&
        (env.REDIS_SENTINELS?.length ?? 0) > 0 &&
        'cannot be used together with REDIS_SENTINELS',
    ],
    [
      'REDIS_SENTINEL_PASSWORD',
      env.REDIS_SENTINEL_PASSWORD !== undefined &&
        env.REDIS_SENTINELS === undefined &&
        'is for REDIS_SENTINELS, which is missing',
    ],
  ];
  if (url !== undefined) {
    const differs = (
      variable: 'REDIS_HOST' | 'REDIS_PORT' | 'REDIS_USERNAME' | 'REDIS_PASSWORD' | 'REDIS_DB',
      inUrl: unknown,
    ) => {
      const differing = env[variable] !== undefined && inUrl !== undefined && env[variable] !== inUrl;
      found.push([variable, differing && 'differs from what REDIS_URL says']);
    };
    differs('REDIS_HOST', url.host ?? url.path);
    differs('REDIS_PORT', url.port ?? 6379);
    differs('REDIS_USERNAME', url.username);
    differs('REDIS_PASSWORD', url.password);
    differs('REDIS_DB', url.db);
    found.push(['REDIS_TLS', url.tls && (tls ?? ssl) === false && 'says no where REDIS_URL says rediss://']);
  }
  return found.filter((entry): entry is [string, string] => entry[1] !== false);
}

/**
 * Where Redis is, as ioredis takes it.
 *
 * @returns `undefined` when no Redis is configured: the service runs in fallback mode
 */
export function redisOptions(environment: RedisEnvironment): RedisOptions | undefined {
  const address = addressOf(environment);
  const { INSTALLATION_PREFIX: prefix } = environment;
  return address && prefix !== undefined ? { ...address, keyPrefix: `${prefix}:` } : address;
}

function addressOf(environment: RedisEnvironment): RedisOptions | undefined {
  if (environment.REDIS_SENTINELS?.length) return fromSentinels(environment, environment.REDIS_SENTINELS);
  const { REDIS_URL: url, REDIS_HOST: host } = environment;
  if (url === undefined && host === undefined) return undefined;
  const address =
    url?.path === undefined
      ? { host: url?.host ?? host, port: url?.port ?? environment.REDIS_PORT ?? 6379 }
      : { path: url.path };
  return {
    ...address,
    ...credentials(environment, url),
    ...tls(environment, url?.tls ?? false, url?.host ?? host),
  };
}

function fromSentinels(
  environment: RedisEnvironment,
  sentinels: readonly { host: string; port: number }[],
): RedisOptions {
  const encrypted = tls(environment, false, undefined);
  return {
    name: environment.REDIS_SENTINEL_NAME ?? 'mymaster',
    sentinels: [...sentinels],
    ...(environment.REDIS_SENTINEL_PASSWORD !== undefined && {
      sentinelPassword: environment.REDIS_SENTINEL_PASSWORD,
    }),
    ...credentials(environment, undefined),
    ...encrypted,
    ...(encrypted.tls && { enableTLSForSentinelMode: true, sentinelTLS: encrypted.tls }),
  };
}

function credentials(environment: RedisEnvironment, url: RedisAddress | undefined): RedisOptions {
  const username = url?.username ?? environment.REDIS_USERNAME;
  const password = url?.password ?? environment.REDIS_PASSWORD;
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    db: url?.db ?? environment.REDIS_DB ?? 0,
  };
}

function tls(
  environment: RedisEnvironment,
  byAddress: boolean,
  host: string | undefined,
): Pick<RedisOptions, 'tls'> {
  if (!byAddress && !(environment.REDIS_TLS ?? environment.REDIS_SSL ?? false)) return {};
  const { REDIS_TLS_CA: ca, REDIS_TLS_CERT: cert, REDIS_TLS_KEY: key } = environment;
  return {
    tls: {
      // An address is no server name.
      ...(host !== undefined && isIP(host) === 0 && { servername: host }),
      ...(ca !== undefined && { ca: readFileSync(ca) }),
      ...(cert !== undefined && { cert: readFileSync(cert) }),
      ...(key !== undefined && { key: readFileSync(key) }),
    },
  };
}
