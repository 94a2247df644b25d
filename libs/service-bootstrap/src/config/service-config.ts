import { hkdfSync } from 'node:crypto';
import { hostname } from 'node:os';
import type { RedisOptions } from 'ioredis';
import type { z } from 'zod';
import type { serviceEnvironment } from './fragments';
import { type Installation, installationOf } from './installation';
import { isLoopback } from '../http/access';
import { sharedSecret } from './secret-file';

/** What the bootstrap needs of an app's configuration. */
export interface ServiceConfig {
  readonly port: number;
  /** Variable that sets the port, named when the port is taken. */
  readonly portVariable: string;
  readonly bindAddress: string;
  readonly logLevel: string;
  readonly logPretty: boolean;
  /** What scripts get in with. */
  readonly internalApiKey: string;
  /** What the services get in with at one another; derived from the internal key, and no use to scripts. */
  readonly serviceKey: string;
  /** Host names this service is called by, beside loopback and the address it binds to. */
  readonly allowedHosts?: readonly string[];
  /** Proxies whose word on a caller's address is believed: addresses and networks. */
  readonly trustedProxies?: readonly string[];
  /** True where it is reached over https alone. */
  readonly behindTls?: boolean;
  /** Which platform this service belongs to. */
  readonly installation: Installation;
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
): Omit<ServiceConfig, 'redis'> & Required<Pick<ServiceConfig, 'allowedHosts' | 'trustedProxies'>> {
  const internalApiKey = env.INTERNAL_API_KEY ?? sharedSecret(env.DATA_DIR, 'internal-api-key');
  return {
    port: env[portVariable],
    portVariable,
    bindAddress: env.BIND_ADDRESS,
    logLevel: env.LOG_LEVEL,
    logPretty: env.LOG_PRETTY,
    allowedHosts: [...env.ALLOWED_HOSTS, ...ownHosts(env, portVariable)],
    trustedProxies: env.TRUSTED_PROXIES,
    internalApiKey,
    serviceKey: serviceKeyOf(internalApiKey),
    installation: installationOf(env, internalApiKey),
  };
}

/** The name under which the other services find this one: the host of `MARKET_DATA_HTTP_URL` for `MARKET_DATA_PORT`. */
function ownHosts(env: Environment, portVariable: string): string[] {
  const urls: Record<string, string | undefined> = {
    MARKET_DATA_PORT: env.MARKET_DATA_HTTP_URL,
    ORCHESTRATOR_PORT: env.ORCHESTRATOR_HTTP_URL,
    RISK_MANAGER_PORT: env.RISK_MANAGER_HTTP_URL,
  };
  const url = urls[portVariable];
  // Beyond loopback other instances reach this one by the machine's name.
  const own = isLoopback(env.BIND_ADDRESS) ? [] : [hostname()];
  return url === undefined ? own : [...own, new URL(url).hostname];
}

/** The key the services call one another with: nobody who was given it can go back to the internal key. */
export function serviceKeyOf(internalApiKey: string): string {
  const purpose = 'tickbridge service-to-service http';
  return Buffer.from(hkdfSync('sha256', internalApiKey, '', purpose, 32)).toString('base64url');
}
