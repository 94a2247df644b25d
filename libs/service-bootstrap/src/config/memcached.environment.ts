import { z } from 'zod';
import { flag, port } from './fragments';

/** The cache's second tier, off unless asked for. */
export const memcachedEnvironment = {
  ENABLE_MULTI_TIER_CACHE: flag.default(false),
  MEMCACHED_HOST: z.string().min(1, 'expected a host name').default('127.0.0.1'),
  MEMCACHED_PORT: port(11211),
};

/** Where Memcached is. @returns `undefined` when it is not used */
export function memcachedAddress(
  environment: z.output<z.ZodObject<typeof memcachedEnvironment>>,
): { host: string; port: number } | undefined {
  if (!environment.ENABLE_MULTI_TIER_CACHE) return undefined;
  return { host: environment.MEMCACHED_HOST, port: environment.MEMCACHED_PORT };
}
