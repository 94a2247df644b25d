import { distance } from 'fastest-levenshtein';

/**
 * Every variable any part of the platform reads. All services get the same environment, so each must know what belongs
 * to the others before it can say that a name belongs to nobody.
 */
export const PLATFORM_VARIABLES: ReadonlySet<string> = new Set([
  ...['FEED', 'FEED_SYMBOLS', 'REPLAY_FILE', 'REPLAY_SPEED'],
  ...['TRUEDATA_URL', 'TRUEDATA_USER', 'TRUEDATA_PASSWORD', 'TRUEDATA_HISTORY_URL', 'TRUEDATA_AUTH_URL'],
  ...['TRUEDATA_SYMBOLS_URL', 'INSTRUMENTS_DIR'],
  ...['BINANCE_WS_URL', 'BINANCE_REST_URL'],
  ...['ALPACA_KEY', 'ALPACA_SECRET', 'ALPACA_URL', 'ALPACA_REST_URL', 'ALPACA_TRADING_URL', 'INSIGHTS'],
  ...['REDIS_URL', 'REDIS_HOST', 'REDIS_PORT', 'REDIS_USERNAME', 'REDIS_PASSWORD', 'REDIS_DB'],
  ...['REDIS_TLS', 'REDIS_SSL', 'REDIS_TLS_CA', 'REDIS_TLS_CERT', 'REDIS_TLS_KEY'],
  ...['REDIS_CLUSTER_NODES', 'REDIS_SENTINELS', 'REDIS_SENTINEL_NAME', 'REDIS_SENTINEL_PASSWORD'],
  ...['ENABLE_MULTI_TIER_CACHE', 'MEMCACHED_HOST', 'MEMCACHED_PORT'],
  ...['DATABASE_URL', 'DATA_DIR', 'INSTALLATION_ID', 'INSTALLATION_PREFIX'],
  ...['MARKET_DATA_PORT', 'DASHBOARD_PORT', 'ORCHESTRATOR_PORT', 'RISK_MANAGER_PORT', 'SIMULATOR_PORT'],
  ...['MARKET_DATA_HTTP_URL', 'ORCHESTRATOR_HTTP_URL', 'RISK_MANAGER_HTTP_URL'],
  ...['BIND_ADDRESS', 'ALLOWED_HOSTS', 'TRUSTED_PROXIES', 'DASHBOARD_BEHIND_TLS', 'DASHBOARD_WEB_URL'],
  ...['TOKEN_ENCRYPTION_KEYS', 'INTERNAL_API_KEY', 'ADMIN_PASSWORD', 'SECOND_FACTOR_REQUIRED'],
  ...['SHAREKHAN_API_KEY', 'SHAREKHAN_SECRET_KEY', 'SHAREKHAN_URL', 'SHAREKHAN_STREAM_URL'],
  ...['SHAREKHAN_TIMEOUT_MS', 'SHAREKHAN_CALLS_PER_SECOND', 'SHAREKHAN_PRODUCT_TYPE'],
  ...['STRATEGIES_DIR', 'CALENDARS_DIR', 'CHARGES_DIR', 'BACKTEST_WORKERS', 'CRASH_POINT'],
  ...['PAPER_MAX_VOLUME_PERCENT', 'STRATEGY_TIMEFRAME', 'STRATEGY_LEAST_EDGE'],
  ...['SIMULATOR_SEED', 'SIMULATOR_TICKS_PER_SECOND', 'SIMULATOR_PASSWORD', 'SIMULATOR_MAX_SYMBOLS'],
  ...['SIMULATOR_HEARTBEAT_MS', 'SIMULATOR_GHOST_SESSION_MS'],
  ...['SIMULATOR_BINANCE_FILES', 'SIMULATOR_BINANCE_SPEED', 'SIMULATOR_SHAREKHAN_API_KEY'],
  ...['SIMULATOR_ALPACA_KEY', 'SIMULATOR_ALPACA_SECRET', 'SIMULATOR_ALPACA_MAX_SYMBOLS'],
  ...['SIMULATOR_SHAREKHAN_SECRET_KEY', 'SIMULATOR_SHAREKHAN_REDIRECT_URL'],
  ...['LOG_LEVEL', 'LOG_PRETTY'],
]);

/** Beginnings of names that are ours: a name with one of them that nobody reads is a slip. */
const OWN_PREFIX =
  /^(REDIS|MEMCACHED|TRUEDATA|BINANCE|ALPACA|SHAREKHAN|SIMULATOR|DASHBOARD|ORCHESTRATOR|RISK_MANAGER|MARKET_DATA|REPLAY|FEED|PAPER|STRATEGY)_/;

/** Names with such a beginning that other programs set or read; they are nobody's slip. */
const FOREIGN = [
  // Kubernetes and Docker describe every service next to a container by its name.
  /_SERVICE_(HOST|PORT)(_\w+)?$/,
  /_PORT_\d+_(TCP|UDP)(_(ADDR|PORT|PROTO))?$/,
  /_(NAME|ENV_\w+)$/,
  // The images of Redis and Memcached, and Redis' own tools.
  /^(REDIS|MEMCACHED)_(VERSION|DOWNLOAD_URL|DOWNLOAD_SHA\d*|SHA1|URL_\w+|ARGS|EXTRA_\w+|DATA_DIR|CONF_FILE)$/,
  /^REDIS_(OM_URL|INSIGHT_\w+|EXPORTER_\w+|OPERATOR_PASSWORD|AOF_ENABLED|ALLOW_EMPTY_PASSWORD|REPLICATION_MODE)$/,
  // Other programs' logins at Binance: this platform reads public prices there.
  /^ALPACA_(API_KEY|API_SECRET|API_KEY_ID|API_SECRET_KEY|SECRET_KEY|PAPER)$/,
  /^BINANCE_(API_KEY|API_SECRET|SECRET|SECRET_KEY|APIKEY|TESTNET(_\w+)?|US_\w+)$/,
];

/** Names without such a beginning are compared only when nothing common is like them. */
const DISTINCTIVE = [...PLATFORM_VARIABLES].filter(
  (name) =>
    !OWN_PREFIX.test(name) && name.includes('_') && name.length >= 9 && !/^(DATABASE|LOG)_/.test(name),
);
/** Letters that may differ between a name and the one that was meant. */
const NEAR = 2;

/** A variable that looks like one of ours and is read by nobody. */
export interface UnknownVariable {
  variable: string;
  nearest: string;
}

/**
 * Variables of the environment that were meant for this platform and would be ignored.
 *
 * @param names of the environment, those with a value
 */
export function unknownVariables(names: readonly string[]): UnknownVariable[] {
  return names.flatMap((variable) => {
    if (PLATFORM_VARIABLES.has(variable) || FOREIGN.some((pattern) => pattern.test(variable))) return [];
    if (OWN_PREFIX.test(variable))
      return [{ variable, nearest: nearestOf(variable, [...PLATFORM_VARIABLES]) }];
    const nearest = nearestOf(variable, DISTINCTIVE);
    return distance(variable, nearest) <= NEAR ? [{ variable, nearest }] : [];
  });
}

function nearestOf(variable: string, known: readonly string[]): string {
  // A name that is short for another costs less than one that differs: REDIS_PASS, ORCHESTRATOR_URL.
  const words = variable.split('_');
  const isShortFor = (name: string) =>
    name.startsWith(variable) || words.every((word) => name.split('_').includes(word));
  const cost = (name: string) => (isShortFor(name) ? 1 : distance(variable, name));
  return known.reduce((best, name) => (cost(name) < cost(best) ? name : best));
}
