import { z } from 'zod';
import type { Fill, Order } from '../trading/order';
import type { Signal } from '../trading/signal';
import { systemStatusSchema } from './system-status';
import { candleSchema } from '../market/bar';
import type { Tick } from '../market/tick';

const price = z.number().positive();

/** What a price table shows of a tick; times in ms since 1970, by the server's clock. */
export const liveQuoteSchema = z.object({
  symbol: z.string(),
  assetClass: z.string(),
  lastPrice: price,
  change: z.number().nullable(),
  changePercent: z.number().nullable(),
  volume: z.number().nonnegative().nullable(),
  high: price.nullable(),
  low: price.nullable(),
  bid: price.nullable(),
  bidQuantity: z.number().nonnegative().nullable(),
  ask: price.nullable(),
  askQuantity: z.number().nonnegative().nullable(),
  /** When the exchange says it happened: a chart's candle is chosen by it. */
  eventTime: z.number(),
  receivedAt: z.number(),
});
export type LiveQuote = z.infer<typeof liveQuoteSchema>;

/** Events of the dashboard's `GET /api/v1/stream`, by name. */
export interface LiveStreamEvents {
  /** Newest state of the symbols that changed since the last one; the first one holds all symbols. */
  ticks: { serverTime: number; quotes: LiveQuote[] };
  signal: Signal;
  order: Order;
  fill: Fill;
  health: z.infer<typeof systemStatusSchema>;
  /** This client was too slow to get every event: read the lists anew. */
  resync: { reason: string };
}

/** `GET /api/v1/stream/history`: what a stream that is opened now would have told before. */
export const streamHistorySchema = z.object({
  /** Send it as `Last-Event-ID` to go on from here; `null` before the first event. */
  lastEventId: z.string().nullable(),
  /** Signals, orders, fills and health, oldest first. */
  events: z.array(z.object({ id: z.string(), name: z.string(), data: z.unknown() })),
  /** Prices of the symbol asked for, second by second, oldest first; `null` when none was asked for. */
  prices: z.array(candleSchema).nullable(),
});
export type StreamHistory = z.infer<typeof streamHistorySchema>;

export function tickToLiveQuote(tick: Tick): LiveQuote {
  const { symbol, assetClass, lastPrice, change, changePercent, volume, high, low } = tick;
  const { bid, bidQuantity, ask, askQuantity, eventTime, receivedAt } = tick;
  return {
    symbol,
    assetClass,
    lastPrice,
    change,
    changePercent,
    volume,
    high,
    low,
    bid,
    bidQuantity,
    ask,
    askQuantity,
    eventTime,
    receivedAt,
  };
}
