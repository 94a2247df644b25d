import { join } from 'node:path';
import {
  type FeedName,
  type FillAssumptions,
  fillAssumptionsSchema,
  leastEdgeSchema,
  timeframeSchema,
} from '@tickbridge/contracts';
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
  httpUrl,
  memcachedAddress,
  memcachedEnvironment,
  parseEnvironment,
  redisEnvironment,
  redisOptions,
  serviceConfig,
  serviceEnvironment,
  tokenEncryptionKeys,
  tokenKeyEnvironment,
  webSocketUrl,
  type ServiceConfig,
} from '@tickbridge/service-bootstrap';
import { z } from 'zod';
import type { ShareKhanOptions } from './brokers/sharekhan/sharekhan.options';
import type { StrategyDefaults } from './strategies/strategy-defaults';
import { CRASH_POINTS, type PlannedCrash } from './crash-points/crash-points';

export interface OrchestratorConfig extends ServiceConfig {
  readonly feeds: readonly FeedName[];
  readonly databaseUrl: string | undefined;
  readonly marketDataUrl: string;
  readonly riskManagerUrl: string;
  /** Base64 keys of 32 bytes, newest first. */
  readonly tokenEncryptionKeys: readonly string[];
  /** How ShareKhan is reached; `undefined` switches it off. */
  readonly shareKhan: ShareKhanOptions | undefined;
  /** What paper trading assumes of a market that it does not see. */
  readonly paperAssumptions: FillAssumptions;
  /** What strategies run with that nobody has set. */
  readonly strategyDefaults: StrategyDefaults;
  /** Folder of the snapshot file that live data falls back to. */
  readonly liveDirectory: string;
  /** Folder of calendars that people put there. */
  readonly calendarsDirectory: string;
  /** Folder of charges that people put there. */
  readonly chargesDirectory: string;
  /** For tests of recovery only: where this process kills itself. */
  readonly plannedCrash: PlannedCrash | undefined;
}

const SHAREKHAN = 'https://api.sharekhan.com';
const SHAREKHAN_STREAM = 'wss://stream.sharekhan.com';

const variables = z.object({
  ...serviceEnvironment,
  ...redisEnvironment,
  ...memcachedEnvironment,
  ...databaseEnvironment,
  ...calendarsEnvironment,
  ...chargesEnvironment,
  ...feedEnvironment,
  ...bridgeEnvironment,
  ...tokenKeyEnvironment,
  SHAREKHAN_API_KEY: z.string().min(1).optional(),
  SHAREKHAN_SECRET_KEY: z
    .string()
    .refine((key) => Buffer.byteLength(key) === 32, 'expected 32 characters')
    .optional(),
  SHAREKHAN_URL: httpUrl.default(SHAREKHAN),
  SHAREKHAN_STREAM_URL: webSocketUrl.optional(),
  SHAREKHAN_TIMEOUT_MS: z.coerce.number('expected milliseconds').int().min(100).max(60_000).default(7_000),
  SHAREKHAN_CALLS_PER_SECOND: z.coerce.number('expected a number').min(0.1).max(1_000).default(8),
  SHAREKHAN_PRODUCT_TYPE: z.enum(['INVESTMENT', 'BIGTRADE', 'BIGTRADEPLUS']).default('BIGTRADE'),
  PAPER_MAX_VOLUME_PERCENT: z.coerce.number('expected a percentage').positive().max(100).default(10),
  STRATEGY_TIMEFRAME: timeframeSchema.optional(),
  STRATEGY_LEAST_EDGE: z.coerce.number('expected a number').pipe(leastEdgeSchema).optional(),
  CRASH_POINT: z
    .string()
    .transform((text) => {
      const [point, visit = '1'] = text.split(':');
      return { point, visit };
    })
    .pipe(z.object({ point: z.enum(CRASH_POINTS), visit: z.coerce.number<string>().int().positive() }))
    .optional(),
});

/** One key without the other is a slip, not a wish to go without the broker. */
const schema = variables.superRefine(contradictingRedisSettings).superRefine((env, context) => {
  const keys = ['SHAREKHAN_API_KEY', 'SHAREKHAN_SECRET_KEY'] as const;
  const missing = keys.filter((name) => env[name] === undefined);
  if (missing.length !== 1) return;
  context.addIssue({ code: 'custom', path: missing, message: 'is needed beside the other key of ShareKhan' });
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
    tokenEncryptionKeys: tokenEncryptionKeys(env),
    shareKhan: shareKhanOf(env),
    paperAssumptions: fillAssumptionsSchema.parse({ maxVolumePercent: env.PAPER_MAX_VOLUME_PERCENT }),
    strategyDefaults: {
      timeframe: env.STRATEGY_TIMEFRAME ?? null,
      leastEdge: env.STRATEGY_LEAST_EDGE ?? null,
    },
    liveDirectory: join(env.DATA_DIR, 'live'),
    calendarsDirectory: calendarsDirectory(env),
    chargesDirectory: chargesDirectory(env),
    plannedCrash: env.CRASH_POINT,
  });
}

/** Both keys, or no ShareKhan. */
function shareKhanOf(env: z.output<typeof schema>): ShareKhanOptions | undefined {
  const { SHAREKHAN_API_KEY: apiKey, SHAREKHAN_SECRET_KEY: secretKey, SHAREKHAN_URL: url } = env;
  if (apiKey === undefined || secretKey === undefined) return undefined;
  return {
    apiKey,
    secretKey,
    url,
    streamUrl: env.SHAREKHAN_STREAM_URL ?? streamOf(url),
    timeoutMs: env.SHAREKHAN_TIMEOUT_MS,
    callsPerSecond: env.SHAREKHAN_CALLS_PER_SECOND,
    intradayProductType: env.SHAREKHAN_PRODUCT_TYPE,
  };
}

/** ShareKhan's stream has a host of its own; a simulator's is beside its services. */
function streamOf(url: string): string {
  const base = url === SHAREKHAN ? SHAREKHAN_STREAM : url.replace(/^http/, 'ws');
  return `${base}/skstream/api/stream`;
}
