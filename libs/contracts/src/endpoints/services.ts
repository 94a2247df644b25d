/** The services that answer the API: their names and what their API pages say of them. */
export const SERVICES = {
  'market-data': {
    title: 'Market data',
    description: 'Holds the vendor connection, checks and publishes every tick, and keeps the candles.',
  },
  orchestrator: {
    title: 'Orchestrator',
    description:
      'Runs the strategies on live bars, turns signals into orders, and keeps accounts and positions.',
  },
  'risk-manager': {
    title: 'Risk manager',
    description: 'Answers "may this order go?" and keeps the limits. When in doubt the answer is no.',
  },
  dashboard: {
    title: 'Dashboard',
    description: 'The web UI, sign-in and sessions, one gateway to all services, and the live stream.',
  },
} as const satisfies Record<string, { title: string; description: string }>;

export type ServiceName = keyof typeof SERVICES;

/** Whether a process of this name is one of the services. */
export function isService(name: string): name is ServiceName {
  return Object.hasOwn(SERVICES, name);
}

/** Groups of endpoints on the API pages. */
export const TAGS = {
  orders: 'Orders of strategies and people, and what became of them',
  accounts: 'Trading accounts, their broker tokens and statements',
  'broker login': 'The daily login at a broker',
  portfolio: 'Positions, cash, equity and trading days',
  signals: 'What strategies wanted done',
  strategies: 'Strategies, their parameters and exits',
  'trading state': 'The kill ladder: which orders may go at all',
  pipeline: 'Where data stops between feed and fill',
  risk: 'Risk checks and limits',
  calendars: 'Days and hours of the markets',
  'position sizing': 'How large an order may be',
  backtests: 'Strategies run on recorded bars',
  'market data': 'Newest ticks and candles',
  instruments: 'What can be traded, under which names, in which steps',
  'market views': 'Figures computed over the whole market',
  bridge: 'Live frames and bars over HTTP, for processes without Redis',
  feed: 'The connection to the vendor',
  truedata: 'Commands to the TrueData connection',
  insights: 'Knowledge beyond prices',
  'sign-in': 'Sessions, passwords and the second factor',
  users: 'People who may sign in',
  keys: 'Keys of scripts',
  audit: 'Who did what',
  dashboard: 'Whole screens in one call',
  'live stream': 'Server-sent events for browsers',
  system: 'State of services, feeds and caches',
  health: 'Probes and metrics',
} as const satisfies Record<string, string>;

export type Tag = keyof typeof TAGS;
