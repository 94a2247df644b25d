import { join } from 'node:path';
import type { FeedName } from '@tickbridge/contracts';
import {
  bridgeEnvironment,
  bridgeUrls,
  commaList,
  databaseEnvironment,
  feedEnvironment,
  memcachedAddress,
  memcachedEnvironment,
  parseEnvironment,
  redisEnvironment,
  redisOptions,
  serviceConfig,
  serviceEnvironment,
  sharedSecret,
  type ServiceConfig,
} from '@tickbridge/service-bootstrap';
import { z } from 'zod';
import { CRASH_POINTS, type PlannedCrash } from './recovery/crash-points';

export interface OrchestratorConfig extends ServiceConfig {
  readonly feeds: readonly FeedName[];
  readonly databaseUrl: string | undefined;
  readonly marketDataUrl: string;
  readonly riskManagerUrl: string;
  /** Base64 keys of 32 bytes, newest first. */
  readonly tokenEncryptionKeys: readonly string[];
  /** Folder of the snapshot file that live data falls back to. */
  readonly liveDirectory: string;
  /** For tests of recovery only: where this process kills itself. */
  readonly plannedCrash: PlannedCrash | undefined;
}

const schema = z.object({
  ...serviceEnvironment,
  ...redisEnvironment,
  ...memcachedEnvironment,
  ...databaseEnvironment,
  ...feedEnvironment,
  ...bridgeEnvironment,
  TOKEN_ENCRYPTION_KEYS: commaList
    .refine((keys) => keys.length > 0 && keys.every((key) => Buffer.from(key, 'base64').length === 32), {
      message: 'expected base64 keys of 32 bytes, separated by commas',
    })
    .optional(),
  CRASH_POINT: z
    .string()
    .transform((text) => {
      const [point, visit = '1'] = text.split(':');
      return { point, visit };
    })
    .pipe(z.object({ point: z.enum(CRASH_POINTS), visit: z.coerce.number<string>().int().positive() }))
    .optional(),
});

/**
 * Settings of this service from the environment.
 *
 * @throws ConfigurationError naming every variable that cannot be used
 */
export function readConfig(environment: Record<string, string | undefined>): OrchestratorConfig {
  const env = parseEnvironment(schema, environment);
  return Object.freeze({
    ...serviceConfig(env, 'ORCHESTRATOR_PORT'),
    redis: redisOptions(env),
    memcached: memcachedAddress(env),
    feeds: env.FEED,
    databaseUrl: env.DATABASE_URL,
    marketDataUrl: bridgeUrls(env).marketData,
    riskManagerUrl: bridgeUrls(env).riskManager,
    tokenEncryptionKeys: env.TOKEN_ENCRYPTION_KEYS ?? [sharedSecret(env.DATA_DIR, 'token-encryption-key')],
    liveDirectory: join(env.DATA_DIR, 'live'),
    plannedCrash: env.CRASH_POINT,
  });
}
