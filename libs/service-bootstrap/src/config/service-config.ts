import type { RedisOptions } from 'ioredis';
import type { z } from 'zod';
import type { serviceEnvironment } from './fragments';
import { sharedSecret } from './secret-file';

/** What the bootstrap needs of an app's configuration. */
export interface ServiceConfig {
  readonly port: number;
  /** Variable that sets the port, named when the port is taken. */
  readonly portVariable: string;
  readonly bindAddress: string;
  readonly logLevel: string;
  readonly logPretty: boolean;
  readonly internalApiKey: string;
  /** `undefined` runs without Redis. */
  readonly redis: RedisOptions | undefined;
  /** Where the cache's second tier is; absent where there is none. */
  readonly memcached?: { readonly host: string; readonly port: number } | undefined;
}

type Environment = z.output<z.ZodObject<typeof serviceEnvironment>>;

/**
 * The part of an app's configuration that is the same for every service, whether it uses Redis or not.
 *
 * @param portVariable variable of the environment that holds this service's port
 */
export function serviceConfig<Name extends string>(
  env: Environment & Record<Name, number>,
  portVariable: Name,
): Omit<ServiceConfig, 'redis'> {
  return {
    port: env[portVariable],
    portVariable,
    bindAddress: env.BIND_ADDRESS,
    logLevel: env.LOG_LEVEL,
    logPretty: env.LOG_PRETTY,
    internalApiKey: env.INTERNAL_API_KEY ?? sharedSecret(env.DATA_DIR, 'internal-api-key'),
  };
}
