import type { Instrument } from '@tickbridge/contracts';
import { instrumentOf, US_PRICE_STEPS } from '@tickbridge/trading-core';
import { z } from 'zod';
import { type AlpacaLogin, askAlpaca } from '../feeds/alpaca/alpaca.rest';
import type { InstrumentSource, ReadList } from './instrument-source';

const PATH = '/v2/assets';

const rowSchema = z.object({
  symbol: z.string().min(1).max(50),
  name: z.string().nullish(),
  exchange: z.string().min(1),
  tradable: z.boolean(),
  marginable: z.boolean().default(false),
  shortable: z.boolean().default(false),
  easy_to_borrow: z.boolean().default(false),
});
type Row = z.output<typeof rowSchema>;

export interface AlpacaListOptions extends AlpacaLogin {
  /** `https://paper-api.alpaca.markets`, or `https://api.alpaca.markets` for keys of a live account. */
  readonly tradingUrl: string;
}

/**
 * US shares by Alpaca's `GET /v2/assets`.
 *
 * Fields: https://docs.alpaca.markets/reference/get-v2-assets-1. Least quantities and price steps stand in it for crypto
 * only; those of shares come from the rules that bind all exchanges.
 */
export class AlpacaInstruments implements InstrumentSource {
  readonly feed = 'alpaca';
  readonly name: string;

  constructor(private readonly options: AlpacaListOptions) {
    this.name = `assets of ${new URL(options.tradingUrl).host}`;
  }

  async read(): Promise<ReadList> {
    const query = { status: 'active', asset_class: 'us_equity' };
    const answer = await askAlpaca(this.options.tradingUrl + PATH, query, this.options);
    if (!Array.isArray(answer)) throw new Error(`${this.name} is no list of assets`);
    return parseAssets(answer, this.name, new Date().toISOString());
  }
}

/** @param asOf when the list was read (ISO 8601) */
export function parseAssets(rows: readonly unknown[], source: string, asOf: string): ReadList {
  const instruments: Instrument[] = [];
  let unreadableRows = 0;
  for (const value of rows) {
    const row = rowSchema.safeParse(value);
    if (row.success) instruments.push(toInstrument(row.data, source, asOf));
    else unreadableRows += 1;
  }
  return { instruments, unreadableRows };
}

function toInstrument(row: Row, source: string, asOf: string): Instrument {
  const { symbol, exchange, tradable, marginable } = row;
  // What is hard to borrow cannot be sold short at Alpaca.
  const isShortable = tradable && marginable && row.shortable && row.easy_to_borrow;
  return instrumentOf({
    feed: 'alpaca',
    symbol,
    aliases: aliasesOf(symbol, exchange),
    name: row.name ?? null,
    exchange,
    assetClass: 'stock',
    currency: 'USD',
    calendar: 'US_EQUITY',
    priceSteps: US_PRICE_STEPS,
    priceDecimals: 2,
    // Parts of a share cannot be sold short and take some kinds of order only: whole shares are traded here.
    quantityStep: 1,
    minQuantity: 1,
    products: tradable ? (marginable ? ['delivery', 'margin'] : ['delivery']) : [],
    shortProducts: isShortable ? ['margin'] : [],
    status: 'trading',
    source,
    asOf,
  });
}

/** `NASDAQ:AAPL`, `AAPL.US`; classes of a share as others write them: `BRK-B`, `BRK/B`. */
function aliasesOf(symbol: string, exchange: string): string[] {
  const [share, part, ...rest] = symbol.split('.');
  const isClass = part !== undefined && rest.length === 0;
  return [
    `${exchange}:${symbol}`.toUpperCase(),
    `${symbol}.US`.toUpperCase(),
    ...(isClass ? [`${share}-${part}`, `${share}/${part}`] : []),
  ];
}
