import { money } from '../money/money';
import type { RiskContext, RiskHolding, RiskOpenOrder, RiskOrder } from '../risk/risk-context';
import { DEFAULT_LIMITS } from '../risk/default-limits';
import { aShare } from './instruments';
import { Calendars } from '../sessions/calendars';

/** Friday 2026-11-20, 11:00 IST: NSE is open. */
export const NOON_MS = Date.parse('2026-11-20T05:30:00Z');

export const anOrder = (values: Partial<RiskOrder> = {}): RiskOrder => ({
  id: 'order-1',
  signalId: 'signal-1',
  accountId: 'PAPER_TRADER_001',
  strategy: 'momentum-breakout',
  symbol: 'ACME',
  product: 'intraday',
  side: 'BUY',
  type: 'MARKET',
  quantity: 100,
  limitPrice: null,
  byPerson: false,
  ...values,
});

export const aHolding = (quantity: number, price = 100, values: Partial<RiskHolding> = {}): RiskHolding => ({
  strategy: 'momentum-breakout',
  symbol: 'ACME',
  product: 'intraday',
  quantity: money(quantity),
  cost: money(quantity).times(price),
  ...values,
});

export const anOpenOrder = (values: Partial<RiskOpenOrder> = {}): RiskOpenOrder => ({
  id: 'order-0',
  strategy: 'momentum-breakout',
  symbol: 'ACME',
  side: 'BUY',
  limitPrice: 100,
  remainingQuantity: 100,
  price: 100,
  ...values,
});

type Overrides = Partial<Omit<RiskContext, 'order' | 'market' | 'limits'>> & {
  order?: Partial<RiskOrder>;
  market?: Partial<RiskContext['market']>;
  limits?: Partial<NonNullable<RiskContext['limits']>> | undefined;
};

/** A context in which every rule agrees: an idle account with 1,000,000 rupees buys 100 at 100. */
export function aContext(overrides: Overrides = {}): RiskContext {
  const { order, market, limits, ...rest } = overrides;
  return {
    now: NOON_MS,
    order: anOrder(order),
    account: {
      id: 'PAPER_TRADER_001',
      broker: 'paper',
      enabled: true,
      armed: false,
      feed: 'truedata',
      netting: false,
      currency: 'INR',
      cash: money(1_000_000),
    },
    tradingState: { mode: 'ACTIVE', running: true },
    calendar: new Calendars().of('NSE_EQUITY'),
    limits: 'limits' in overrides && limits === undefined ? undefined : { ...DEFAULT_LIMITS.INR, ...limits },
    market: { source: 'truedata', lastPrice: 100, bid: 99.95, ask: 100.05, ageMs: 200, ...market },
    ownMarket: { lastPrice: 100, ageMs: 200, tradedAt: NOON_MS - 200 },
    previousClose: 98,
    instrument: aShare('ACME'),
    broker: undefined,
    holdings: [],
    marks: new Map(),
    openOrders: [],
    ordersOfSignal: [],
    ordersOfBar: [],
    ordersToday: 0,
    ordersTodayInSymbol: 0,
    ordersOfMinute: 0,
    recentOrderTimes: [],
    openingEquity: money(1_000_000),
    equityPeak: money(1_000_000),
    losingStreak: { losses: 0, lastLossAt: null },
    lastExitAt: null,
    ...rest,
  };
}
