import { join } from 'node:path';
import { DEFAULT_NSE_SYMBOLS, type FeedName } from '@tickbridge/contracts';
import {
  calendarsDirectory,
  calendarsEnvironment,
  commaList,
  contradictingRedisSettings,
  databaseEnvironment,
  feedEnvironment,
  httpUrl,
  memcachedAddress,
  memcachedEnvironment,
  parseEnvironment,
  port,
  readableFiles,
  redisEnvironment,
  redisOptions,
  serviceConfig,
  serviceEnvironment,
  webSocketUrl,
  type ServiceConfig,
} from '@tickbridge/service-bootstrap';
import { z } from 'zod';
import { sourceOf, US_MAJORS } from './feeds/alpaca/alpaca.feed';
import { BINANCE_MAJORS } from './feeds/binance/binance.feed';
import type { FeedConfig } from './feeds/feed.config';

export interface MarketDataConfig extends ServiceConfig {
  /** At least one; the first is the one that answers speak of where they name only one. */
  readonly feeds: readonly FeedConfig[];
  /** Home of the candles and of the feed's lease; `undefined` runs without. */
  readonly databaseUrl: string | undefined;
  /** Folder of the snapshot file readers fall back to. */
  readonly liveDirectory: string;
  /** Names of FEED_SYMBOLS as they are written; `undefined` leaves every feed its own. */
  readonly symbols: readonly string[] | undefined;
  /** Folder of the user's own lists of instruments. */
  readonly instrumentsDirectory: string;
  /** Folder of calendars that people put there. */
  readonly calendarsDirectory: string;
}

const fields = z.object({
  ...serviceEnvironment,
  ...redisEnvironment,
  ...memcachedEnvironment,
  ...databaseEnvironment,
  ...calendarsEnvironment,
  ...feedEnvironment,
  MARKET_DATA_PORT: port(8001),
  SIMULATOR_PORT: port(8084),
  SIMULATOR_PASSWORD: z.string().default('simulator'),
  FEED_SYMBOLS: commaList.optional(),
  INSTRUMENTS_DIR: z.string().min(1).optional(),
  TRUEDATA_URL: webSocketUrl.default('wss://push.truedata.in:8082'),
  TRUEDATA_HISTORY_URL: httpUrl.optional(),
  TRUEDATA_AUTH_URL: httpUrl.optional(),
  TRUEDATA_SYMBOLS_URL: httpUrl.optional(),
  TRUEDATA_USER: z.string().optional(),
  TRUEDATA_PASSWORD: z.string().optional(),
  BINANCE_WS_URL: webSocketUrl.default('wss://data-stream.binance.vision'),
  BINANCE_REST_URL: httpUrl.default('https://data-api.binance.vision'),
  ALPACA_URL: webSocketUrl
    .refine((url) => ['iex', 'sip'].includes(sourceOf(url)), {
      message: 'expected an address that ends in /v2/iex or /v2/sip',
    })
    .default('wss://stream.data.alpaca.markets/v2/iex'),
  ALPACA_REST_URL: httpUrl.default('https://data.alpaca.markets'),
  ALPACA_TRADING_URL: httpUrl.default('https://paper-api.alpaca.markets'),
  ALPACA_KEY: z.string().min(1).optional(),
  ALPACA_SECRET: z.string().min(1).optional(),
  REPLAY_FILE: readableFiles.optional(),
  REPLAY_SPEED: z
    .union([z.literal('max'), z.coerce.number().positive()], { error: 'expected a factor above 0, or max' })
    .default(1),
});

type Environment = z.output<typeof fields>;

/** A requirement of one feed; `when` lets it be reported together with every other problem. */
function neededBy(
  feed: FeedName,
  variable: keyof Environment & string,
): [(env: Environment) => boolean, { path: string[]; message: string; when: () => boolean }] {
  return [
    (env) => !env.FEED.includes(feed) || env[variable] !== undefined,
    { path: [variable], message: `needed when FEED is ${feed}`, when: () => true },
  ];
}

const schema = fields
  .refine(...neededBy('truedata', 'TRUEDATA_USER'))
  .refine(...neededBy('truedata', 'TRUEDATA_PASSWORD'))
  .refine(...neededBy('alpaca', 'ALPACA_KEY'))
  .refine(...neededBy('alpaca', 'ALPACA_SECRET'))
  .refine(...neededBy('replay', 'REPLAY_FILE'))
  .superRefine(contradictingRedisSettings);

/**
 * Settings of this service from the environment.
 *
 * @throws ConfigurationError naming every variable that cannot be used
 */
export function readConfig(environment: Record<string, string | undefined>): MarketDataConfig {
  const env = parseEnvironment(schema, environment);
  return Object.freeze({
    ...serviceConfig(env, 'MARKET_DATA_PORT'),
    redis: redisOptions(env),
    memcached: memcachedAddress(env),
    databaseUrl: env.DATABASE_URL,
    liveDirectory: join(env.DATA_DIR, 'live'),
    symbols: env.FEED_SYMBOLS,
    instrumentsDirectory: env.INSTRUMENTS_DIR ?? join(env.DATA_DIR, 'instruments'),
    calendarsDirectory: calendarsDirectory(env),
    feeds: env.FEED.map((feed) => feedConfig(feed, env)),
  });
}

function feedConfig(feed: FeedName, env: Environment): FeedConfig {
  switch (feed) {
    case 'simulator': {
      const host = `127.0.0.1:${env.SIMULATOR_PORT}`;
      return {
        name: 'simulator',
        url: `ws://${host}`,
        // Never the vendor's login: the simulator is no place for it.
        user: 'simulator',
        password: env.SIMULATOR_PASSWORD,
        history: { authUrl: `http://${host}`, dataUrl: `http://${host}` },
        symbolsUrl: `http://${host}`,
        symbols: DEFAULT_NSE_SYMBOLS,
      };
    }
    case 'truedata':
      return {
        name: 'truedata',
        url: env.TRUEDATA_URL,
        // Both are present: the schema refuses this feed without them.
        user: env.TRUEDATA_USER as string,
        password: env.TRUEDATA_PASSWORD as string,
        history: historyOf(env),
        symbolsUrl: symbolsUrlOf(env),
        symbols: DEFAULT_NSE_SYMBOLS,
      };
    case 'binance':
      return {
        name: 'binance',
        url: env.BINANCE_WS_URL,
        restUrl: env.BINANCE_REST_URL,
        symbols: BINANCE_MAJORS,
      };
    case 'alpaca':
      return {
        name: 'alpaca',
        url: env.ALPACA_URL,
        restUrl: env.ALPACA_REST_URL,
        tradingUrl: env.ALPACA_TRADING_URL,
        // Both are present: the schema refuses this feed without them.
        key: env.ALPACA_KEY as string,
        secret: env.ALPACA_SECRET as string,
        symbols: US_MAJORS,
      };
    case 'replay':
      return {
        name: 'replay',
        files: env.REPLAY_FILE as string[],
        speed: env.REPLAY_SPEED,
        symbols: null,
      };
  }
}

/** The login goes to the vendor's other hosts only when the feed itself is the vendor's. */
function isVendors(env: Environment): boolean {
  return new URL(env.TRUEDATA_URL).hostname.endsWith('.truedata.in');
}

function symbolsUrlOf(env: Environment): string | null {
  return env.TRUEDATA_SYMBOLS_URL ?? (isVendors(env) ? 'https://api.truedata.in' : null);
}

function historyOf(env: Environment): { authUrl: string; dataUrl: string } | null {
  const vendor = isVendors(env);
  const authUrl = env.TRUEDATA_AUTH_URL ?? (vendor ? 'https://auth.truedata.in' : undefined);
  const dataUrl = env.TRUEDATA_HISTORY_URL ?? (vendor ? 'https://history.truedata.in' : undefined);
  return authUrl === undefined || dataUrl === undefined ? null : { authUrl, dataUrl };
}
