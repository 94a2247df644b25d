import { join } from 'node:path';
import type { FeedName } from '@tickbridge/contracts';
import {
  bridgeEnvironment,
  bridgeUrls,
  calendarsDirectory,
  calendarsEnvironment,
  chargesDirectory,
  chargesEnvironment,
  contradictingRedisSettings,
  databaseEnvironment,
  feedEnvironment,
  memcachedAddress,
  memcachedEnvironment,
  parseEnvironment,
  readableFiles,
  redisEnvironment,
  redisOptions,
  serviceConfig,
  serviceEnvironment,
  type ServiceConfig,
} from '@tickbridge/service-bootstrap';
import { z } from 'zod';

export interface RiskManagerConfig extends ServiceConfig {
  readonly feeds: readonly FeedName[];
  readonly databaseUrl: string | undefined;
  readonly marketDataUrl: string;
  /** Folder of the snapshot file that live data falls back to. */
  readonly liveDirectory: string;
  /** Folder of calendars that people put there. */
  readonly calendarsDirectory: string;
  /** Folder of charges that people put there. */
  readonly chargesDirectory: string;
  readonly backtests: {
    /** Runs at the same time, each in a thread of its own. */
    readonly workers: number;
    /** Files of the recording that a run may ask for. */
    readonly recordings: readonly string[];
  };
}

const schema = z
  .object({
    ...serviceEnvironment,
    ...redisEnvironment,
    ...memcachedEnvironment,
    ...databaseEnvironment,
    ...calendarsEnvironment,
    ...chargesEnvironment,
    ...feedEnvironment,
    ...bridgeEnvironment,
    REPLAY_FILE: readableFiles.optional(),
    BACKTEST_WORKERS: z.coerce.number().int().min(1).max(16).default(1),
  })
  .superRefine(contradictingRedisSettings);

/**
 * Settings of this service from the environment.
 *
 * @throws ConfigurationError naming every variable that cannot be used
 */
export function readConfig(environment: Record<string, string | undefined>): RiskManagerConfig {
  const env = parseEnvironment(schema, environment);
  return Object.freeze({
    ...serviceConfig(env, 'RISK_MANAGER_PORT'),
    redis: redisOptions(env),
    memcached: memcachedAddress(env),
    feeds: env.FEED,
    databaseUrl: env.DATABASE_URL,
    marketDataUrl: bridgeUrls(env).marketData,
    liveDirectory: join(env.DATA_DIR, 'live'),
    calendarsDirectory: calendarsDirectory(env),
    chargesDirectory: chargesDirectory(env),
    backtests: { workers: env.BACKTEST_WORKERS, recordings: env.REPLAY_FILE ?? [] },
  });
}
