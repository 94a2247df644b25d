import type { Tick } from '@tickbridge/contracts';
import type { QuoteUpdate, SnapshotUpdate, TradeUpdate } from '../ticks/market-update';

/** 2025-09-22 10:00:00 IST. */
export const TEN_O_CLOCK = Date.UTC(2025, 8, 22, 4, 30);

export function trade(overrides: Partial<TradeUpdate> = {}): TradeUpdate {
  const eventTime = overrides.eventTime ?? TEN_O_CLOCK;
  return {
    kind: 'trade',
    symbol: 'RELIANCE',
    assetClass: 'stock',
    price: 1_400,
    quantity: 10,
    tradeNumber: null,
    session: null,
    eventTime,
    readAt: eventTime,
    ...overrides,
  };
}

export function quote(overrides: Partial<QuoteUpdate> = {}): QuoteUpdate {
  const eventTime = overrides.eventTime === undefined ? TEN_O_CLOCK : overrides.eventTime;
  return {
    kind: 'quote',
    symbol: 'RELIANCE',
    assetClass: 'stock',
    quote: { bid: 1_399.95, bidQuantity: 5, ask: 1_400.05, askQuantity: 7 },
    eventTime,
    readAt: eventTime ?? TEN_O_CLOCK,
    ...overrides,
  };
}

export function summary(overrides: Partial<SnapshotUpdate> = {}): SnapshotUpdate {
  const eventTime = overrides.eventTime ?? TEN_O_CLOCK;
  return {
    kind: 'snapshot',
    symbol: 'RELIANCE',
    assetClass: 'stock',
    price: 1_400,
    quantity: null,
    session: { volume: 500, open: 1_390, high: 1_410, low: 1_385, previousClose: 1_380, openInterest: null },
    eventTime,
    readAt: eventTime,
    ...overrides,
  };
}

export function tick(overrides: Partial<Tick> = {}): Tick {
  return {
    symbol: 'RELIANCE',
    assetClass: 'stock',
    lastPrice: 1_400,
    lastQuantity: 10,
    volume: null,
    open: null,
    high: null,
    low: null,
    previousClose: null,
    change: null,
    changePercent: null,
    bid: null,
    bidQuantity: null,
    ask: null,
    askQuantity: null,
    openInterest: null,
    eventTime: TEN_O_CLOCK,
    tradedAt: TEN_O_CLOCK,
    receivedAt: TEN_O_CLOCK,
    lagMs: 0,
    sequence: 1,
    source: 'truedata',
    ...overrides,
  };
}
