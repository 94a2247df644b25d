import { decimalOf } from '@tickbridge/contracts';
import type { QuoteUpdate, TradeUpdate } from '../../ticks/market-update';
import { quantityOf, quoteOf } from '../../ticks/quote-fields';
import { effectOf } from './alpaca.conditions';
import type { Fields } from './alpaca.frames';
import { parseRfc3339 } from './rfc3339';

/**
 * `S` symbol, `i` id, `x` exchange, `p`rice, `s`ize in shares, `c`onditions, `t`ime, `z` tape.
 *
 * Ids are unique per exchange; they are no numbering, so nothing is known to be missing between two of them.
 *
 * @param readAt clock of the process that read the socket (ms since 1970)
 * @returns `undefined` when the message lacks its id or time, `null` for one that repeats what was traded
 */
export function normaliseTrade(
  symbol: string,
  fields: Fields,
  readAt: number,
): TradeUpdate | undefined | null {
  const eventTime = parseRfc3339(fields.t);
  const id = idOf(fields);
  if (!Number.isFinite(eventTime) || id === undefined) return undefined;
  const effect = effectOf(fields.c, fields.z);
  if (effect === 'nothing') return null;
  return {
    kind: 'trade',
    symbol,
    assetClass: 'stock',
    price: decimalOf(fields.p),
    quantity: quantityOf(fields.s),
    tradeNumber: null,
    tradeId: id,
    ...(effect === 'volume' && { setsPrice: false }),
    eventTime,
    session: null,
    readAt,
  };
}

/**
 * `S` symbol, `bp` `bs` `ap` `as` price and size of the best bid and ask, `t`ime; a price of zero is no quote.
 *
 * Sizes are shares since 2025-11-03, round lots before
 * (https://docs.alpaca.markets/us/v1.1/changelog/marketdata-bid-and-ask-size-display-change).
 */
export function normaliseQuote(symbol: string, fields: Fields, readAt: number): QuoteUpdate | undefined {
  const eventTime = parseRfc3339(fields.t);
  if (!Number.isFinite(eventTime)) return undefined;
  return {
    kind: 'quote',
    symbol,
    assetClass: 'stock',
    quote: quoteOf(fields.bp, fields.bs, fields.ap, fields.as),
    eventTime,
    readAt,
  };
}

function idOf({ i, x }: Fields): string | undefined {
  if (typeof i !== 'number' && typeof i !== 'string') return undefined;
  return `${typeof x === 'string' ? x : ''}:${i}`;
}
