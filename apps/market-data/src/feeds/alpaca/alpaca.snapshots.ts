import { z } from 'zod';
import type { SnapshotUpdate } from '../../ticks/market-update';
import { optionalPriceOf, optionalQuantityOf, quantityOf, quoteOf } from '../../ticks/quote-fields';
import { effectOf } from './alpaca.conditions';
import { parseRfc3339 } from './rfc3339';

const fields = z.record(z.string(), z.unknown());
const snapshotSchema = z.object({
  latestTrade: fields.nullish(),
  latestQuote: fields.nullish(),
  minuteBar: fields.nullish(),
  dailyBar: fields.nullish(),
  prevDailyBar: fields.nullish(),
});
const answerSchema = z.record(z.string(), snapshotSchema.nullable());
type Snapshot = z.output<typeof snapshotSchema>;

/**
 * State of each symbol as `GET /v2/stocks/snapshots` tells it: the figures of the day, which the stream does not send.
 *
 * @param readAt our clock (ms since 1970)
 * @throws Error when the answer is none
 */
export function parseSnapshots(answer: unknown, readAt: number): SnapshotUpdate[] {
  return Object.entries(answerSchema.parse(answer)).flatMap(([symbol, snapshot]) => {
    const update = snapshot === null ? undefined : updateOf(symbol, snapshot, readAt);
    return update === undefined ? [] : [update];
  });
}

function updateOf(symbol: string, snapshot: Snapshot, readAt: number): SnapshotUpdate | undefined {
  const { latestQuote, dailyBar, prevDailyBar } = snapshot;
  const last = lastPriceOf(snapshot);
  if (last === undefined) return undefined;
  return {
    kind: 'snapshot',
    symbol,
    assetClass: 'stock',
    ...last,
    tradedAt: last.eventTime,
    session: {
      volume: optionalQuantityOf(dailyBar?.v),
      open: optionalPriceOf(dailyBar?.o),
      high: optionalPriceOf(dailyBar?.h),
      low: optionalPriceOf(dailyBar?.l),
      previousClose: optionalPriceOf(prevDailyBar?.c),
      openInterest: null,
    },
    ...(latestQuote && {
      quote: quoteOf(latestQuote.bp, latestQuote.bs, latestQuote.ap, latestQuote.as),
    }),
    readAt,
  };
}

/** The latest trade may be one that makes no price; then the close of the newest minute is the last price, at its start or later. */
function lastPriceOf({ latestTrade, minuteBar }: Snapshot) {
  if (latestTrade && effectOf(latestTrade.c, latestTrade.z) === 'price-and-volume') {
    return priceAt(latestTrade.p, quantityOf(latestTrade.s), latestTrade.t);
  }
  return minuteBar ? priceAt(minuteBar.c, null, minuteBar.t) : undefined;
}

function priceAt(price: unknown, quantity: number | null, time: unknown) {
  const last = optionalPriceOf(price);
  const eventTime = parseRfc3339(time);
  return last === null || !Number.isFinite(eventTime) ? undefined : { price: last, quantity, eventTime };
}
