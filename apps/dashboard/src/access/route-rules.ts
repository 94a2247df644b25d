import type { Role } from '@tickbridge/contracts';

/** Who may use a route, whether a person proves anew who they are, and how its use stands in the audit log. */
export interface RouteRule {
  /** `public`: anybody; `page`: anybody, who without a session is led to the sign-in; `self`: whoever is signed in. */
  readonly least: 'public' | 'page' | 'self' | Role;
  /** Needs a proof of identity not older than five minutes; `when` limits that to some bodies. */
  readonly confirm?: true | ((body: unknown) => boolean);
  /** Its use is kept in the audit log under this name. Routes that write to the log themselves have none. */
  readonly audit?: string;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const all = (rule: RouteRule, ...routes: readonly `${Method} ${string}`[]): [string, RouteRule][] =>
  routes.map((route) => [route, rule]);

/** Arming lets real money move; switching off and disarming must never have to wait for a password. */
const arms = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && (body as { armed?: unknown }).armed === true;

/**
 * The least role of every route, in one place. A route that is not listed is for admins alone.
 *
 * Reading is for viewers, trading for traders; accounts, limits, the ladder's thresholds, people, keys and the audit log
 * are for admins. The daily login at the broker is a trader's task.
 */
export const ROUTE_RULES: ReadonlyMap<string, RouteRule> = new Map([
  ...all({ least: 'public' }, 'GET /health/live', 'GET /health/ready', 'GET /sign-in', 'GET /broker-login'),
  ...all({ least: 'public' }, 'GET /favicon.svg', 'POST /api/v1/auth/login'),
  ...all({ least: 'page' }, 'GET /'),
  ...all({ least: 'self' }, 'GET /api/v1/auth/me', 'POST /api/v1/auth/logout', 'POST /api/v1/auth/confirm'),
  ...all({ least: 'self' }, 'GET /api/v1/auth/sessions', 'DELETE /api/v1/auth/sessions/:id'),
  ...all({ least: 'self' }, 'POST /api/v1/auth/password'),
  ...all(
    { least: 'self', confirm: true },
    'POST /api/v1/auth/second-factor',
    'DELETE /api/v1/auth/second-factor',
  ),
  ...all({ least: 'self' }, 'POST /api/v1/auth/second-factor/enable'),

  ...all({ least: 'viewer' }, 'GET /metrics', 'GET /docs', 'GET /docs/*', 'GET /docs-json', 'GET /docs-yaml'),
  ...all(
    { least: 'viewer' },
    'GET /api/v1/market/overview',
    'GET /api/v1/market/tickers',
    'GET /api/v1/market/movers',
  ),
  ...all({ least: 'viewer' }, 'GET /api/v1/market/breadth', 'GET /api/v1/market/regime'),
  ...all({ least: 'viewer' }, 'GET /api/v1/market-data', 'GET /api/v1/market-data/:symbol/candles'),
  ...all(
    { least: 'viewer' },
    'GET /api/v1/market-data/:symbol',
    'GET /api/v1/insights/macro',
    'GET /api/v1/insights/:kind/:symbol',
  ),
  ...all({ least: 'viewer' }, 'GET /api/v1/feed/status', 'GET /api/v1/truedata/status'),
  ...all({ least: 'viewer' }, 'GET /api/v1/dashboard/summary', 'GET /api/v1/dashboard/mobile'),
  ...all(
    { least: 'viewer' },
    'GET /api/v1/dashboard/unified',
    'GET /api/v1/system/status',
    'GET /api/v1/cache/stats',
  ),
  ...all(
    { least: 'viewer' },
    'GET /api/v1/stream',
    'GET /api/v1/stream/history',
    'GET /api/v1/pipeline/trace',
  ),
  ...all({ least: 'viewer' }, 'GET /api/v1/signals/recent', 'GET /api/v1/signals/stats'),
  ...all({ least: 'viewer' }, 'GET /api/v1/orders', 'GET /api/v1/orders/:id', 'GET /api/v1/positions'),
  ...all(
    { least: 'viewer' },
    'GET /api/v1/portfolio',
    'GET /api/v1/portfolio/equity',
    'GET /api/v1/portfolio/days',
  ),
  ...all({ least: 'viewer' }, 'GET /api/v1/portfolio/strategies', 'GET /api/v1/portfolio/check'),
  ...all(
    { least: 'viewer' },
    'GET /api/v1/strategies',
    'GET /api/v1/trading/state',
    'GET /api/v1/trading/ladder',
  ),
  ...all(
    { least: 'viewer' },
    'GET /api/v1/accounts',
    'GET /api/v1/risk/limits',
    'GET /api/v1/risk/limits/changes',
  ),
  ...all({ least: 'viewer' }, 'POST /api/v1/risk/check', 'POST /api/v1/position-sizing'),
  ...all({ least: 'viewer' }, 'GET /api/v1/backtests', 'GET /api/v1/backtests/:id'),

  ...all({ least: 'trader', audit: 'order.place' }, 'POST /api/v1/orders'),
  ...all({ least: 'trader', audit: 'order.change' }, 'PATCH /api/v1/orders/:id'),
  ...all({ least: 'trader', audit: 'order.cancel' }, 'POST /api/v1/orders/:id/cancel'),
  ...all({ least: 'trader', audit: 'strategy.change' }, 'PATCH /api/v1/strategies/:id'),
  ...all({ least: 'trader', audit: 'trading.command' }, 'POST /api/v1/trading/:command'),
  ...all({ least: 'trader', audit: 'backtest.start' }, 'POST /api/v1/backtests'),
  ...all({ least: 'trader', audit: 'backtest.cancel' }, 'POST /api/v1/backtests/:id/cancel'),
  ...all({ least: 'trader', audit: 'feed.command' }, 'POST /api/v1/truedata/connect'),
  ...all({ least: 'trader', audit: 'feed.command' }, 'POST /api/v1/truedata/reconnect'),
  ...all({ least: 'trader', audit: 'feed.command' }, 'POST /api/v1/truedata/disconnect'),
  ...all({ least: 'trader' }, 'GET /api/v1/accounts/tokens', 'GET /api/v1/accounts/:id/login'),
  ...all({ least: 'trader' }, 'GET /api/v1/accounts/:id/statement'),
  ...all(
    { least: 'trader', audit: 'broker.login' },
    'POST /api/v1/accounts/login',
    'POST /api/v1/accounts/:id/login',
  ),

  ...all({ least: 'admin', audit: 'account.open', confirm: arms }, 'POST /api/v1/accounts'),
  ...all({ least: 'admin', audit: 'account.change', confirm: arms }, 'PATCH /api/v1/accounts/:id'),
  ...all({ least: 'admin', confirm: true }, 'GET /api/v1/accounts/:id/token'),
  ...all({ least: 'admin', audit: 'token.submit' }, 'PUT /api/v1/accounts/:id/token'),
  ...all({ least: 'admin', audit: 'token.forget' }, 'DELETE /api/v1/accounts/:id/token'),
  ...all({ least: 'admin', audit: 'limits.change', confirm: true }, 'PUT /api/v1/risk/limits'),
  ...all({ least: 'admin', audit: 'ladder.change', confirm: true }, 'PUT /api/v1/trading/ladder'),
  ...all({ least: 'admin' }, 'GET /api/v1/users', 'GET /api/v1/keys'),
  ...all({ least: 'admin', confirm: true }, 'POST /api/v1/users', 'PATCH /api/v1/users/:id'),
  ...all({ least: 'admin', confirm: true }, 'POST /api/v1/keys'),
  ...all({ least: 'admin' }, 'DELETE /api/v1/keys/:id'),
  ...all(
    { least: 'admin' },
    'GET /api/v1/audit',
    'GET /api/v1/audit/export',
    'GET /api/v1/audit/verification',
  ),
]);

/** Files of the web UI have their content's hash in their name; those of the sign-in are for anybody. */
const PUBLIC_ASSET = /^\/assets\/(sign-in|broker-login|theme)-[A-Za-z0-9_-]+\.(js|css)$/;
const ASSET = /^\/assets\/[\w.-]+$/;

const UNLISTED: RouteRule = { least: 'admin' };

/**
 * The rule of a request.
 *
 * @param route as registered, `/api/v1/orders/:id`; `undefined` where none matches
 */
export function ruleOf(method: string, route: string | undefined, params: unknown): RouteRule {
  if (route === undefined) return UNLISTED;
  if (PUBLIC_ASSET.test(route)) return { least: 'public' };
  if (ASSET.test(route)) return { least: 'self' };
  const reading = method === 'HEAD' ? 'GET' : method;
  const rule = ROUTE_RULES.get(`${reading} ${route}`) ?? UNLISTED;
  // Closing every position is an act of its own beside the steps that only stop something.
  const flattens =
    route === '/api/v1/trading/:command' && (params as { command?: string }).command === 'flatten';
  return flattens ? { ...rule, confirm: true } : rule;
}
