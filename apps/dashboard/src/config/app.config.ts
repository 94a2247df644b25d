import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { FeedName } from '@tickbridge/contracts';
import {
  bridgeEnvironment,
  bridgeUrls,
  contradictingRedisSettings,
  databaseEnvironment,
  feedEnvironment,
  flag,
  memcachedAddress,
  memcachedEnvironment,
  parseEnvironment,
  redisEnvironment,
  redisOptions,
  serviceConfig,
  serviceEnvironment,
  tokenEncryptionKeys,
  tokenKeyEnvironment,
  type BridgeUrls,
  type ServiceConfig,
} from '@tickbridge/service-bootstrap';
import { z } from 'zod';

const schema = z
  .object({
    ...serviceEnvironment,
    ...redisEnvironment,
    ...memcachedEnvironment,
    ...databaseEnvironment,
    ...feedEnvironment,
    ...bridgeEnvironment,
    ADMIN_PASSWORD: z.string().min(8, 'expected at least 8 characters').max(1_000).optional(),
    /** True behind a proxy that terminates TLS: cookies are then for https only. */
    DASHBOARD_BEHIND_TLS: flag.default(false),
    /** Where the web UI is served while it is developed; absent, the built one is. */
    DASHBOARD_WEB_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** Nobody does anything before a second factor is set up. */
    SECOND_FACTOR_REQUIRED: flag.default(false),
    ...tokenKeyEnvironment,
  })
  .superRefine(contradictingRedisSettings);

/** Settings of the dashboard; also the injection token they are had by. */
export abstract class DashboardConfig implements ServiceConfig {
  abstract readonly port: number;
  abstract readonly portVariable: string;
  abstract readonly bindAddress: string;
  abstract readonly logLevel: string;
  abstract readonly logPretty: boolean;
  abstract readonly internalApiKey: string;
  abstract readonly serviceKey: string;
  abstract readonly installation: ServiceConfig['installation'];
  abstract readonly allowedHosts: readonly string[];
  abstract readonly trustedProxies: readonly string[];
  abstract readonly redis: ServiceConfig['redis'];
  abstract readonly memcached: ServiceConfig['memcached'];
  abstract readonly databaseUrl: string | undefined;
  /** Feeds whose live data are read. */
  abstract readonly feeds: readonly FeedName[];
  abstract readonly liveDirectory: string;
  abstract readonly services: BridgeUrls;
  /** `undefined`: one is generated when the first user is made. */
  abstract readonly adminPassword: string | undefined;
  abstract readonly behindTls: boolean;
  abstract readonly secondFactorRequired: boolean;
  /** Base64 keys of 32 bytes, newest first: secrets of second factors are encrypted with them. */
  abstract readonly tokenEncryptionKeys: readonly string[];
  /** Folder of the built web UI; `undefined` when it has not been built. */
  abstract readonly webDirectory: string | undefined;
  /** Server of the web UI's sources, to which pages lead instead; `undefined` outside development. */
  abstract readonly webUrl: string | undefined;
}

/**
 * Settings of this service from the environment.
 *
 * @throws ConfigurationError naming every variable that cannot be used
 */
export function readConfig(environment: Record<string, string | undefined>): DashboardConfig {
  const env = parseEnvironment(schema, environment);
  return Object.freeze({
    ...serviceConfig(env, 'DASHBOARD_PORT'),
    redis: redisOptions(env),
    memcached: memcachedAddress(env),
    databaseUrl: env.DATABASE_URL,
    feeds: env.FEED,
    liveDirectory: join(env.DATA_DIR, 'live'),
    services: bridgeUrls(env),
    adminPassword: env.ADMIN_PASSWORD,
    behindTls: env.DASHBOARD_BEHIND_TLS,
    secondFactorRequired: env.SECOND_FACTOR_REQUIRED,
    tokenEncryptionKeys: tokenEncryptionKeys(env),
    webDirectory: webDirectory(),
    webUrl: env.DASHBOARD_WEB_URL,
  });
}

/** Beside the bundle in production; in `dist` when the service runs from its sources. */
function webDirectory(): string | undefined {
  const candidates = [
    join(dirname(process.argv[1] ?? '.'), 'web'),
    resolve('dist/apps/dashboard/web'),
    resolve('../../dist/apps/dashboard/web'),
  ];
  return candidates.find((directory) => existsSync(join(directory, 'index.html')));
}
