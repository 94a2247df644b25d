import { decimalField, decimalsOf, type Instrument, jsonAnswer } from '@tickbridge/contracts';
import { instrumentOf } from '@tickbridge/trading-core';
import { z } from 'zod';
import type { InstrumentSource, ReadList } from './instrument-source';

const TIMEOUT_MS = 15_000;
/** The list of the whole venue is about 15 MB with its permission sets, which are not asked for. */
const MAX_BYTES = 64 * 1024 * 1024;

const infoSchema = z.object({ symbols: z.array(z.unknown()) });
const filterSchema = z.looseObject({ filterType: z.string() });
const rowSchema = z.object({
  symbol: z.string().min(1).max(50),
  status: z.string(),
  baseAsset: z.string().min(1).optional(),
  quoteAsset: z.string().min(1).optional(),
  isSpotTradingAllowed: z.boolean().optional(),
  isMarginTradingAllowed: z.boolean().optional(),
  filters: z.array(filterSchema).default([]),
});
type Filters = ReadonlyMap<string, Record<string, unknown>>;

/**
 * Binance's spot instruments, by `GET /api/v3/exchangeInfo`.
 *
 * Fields: https://developers.binance.com/docs/binance-spot-api-docs/filters
 */
export class BinanceInstruments implements InstrumentSource {
  readonly feed = 'binance';
  readonly name: string;

  /** @param restUrl `https://data-api.binance.vision` */
  constructor(private readonly restUrl: string) {
    this.name = `exchangeInfo of ${new URL(restUrl).host}`;
  }

  async read(): Promise<ReadList> {
    const response = await fetch(`${this.restUrl}/api/v3/exchangeInfo?showPermissionSets=false`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`${this.name} answered with status ${response.status}`);
    const info = infoSchema.safeParse(await jsonAnswer(response, MAX_BYTES));
    if (!info.success) throw new Error(`${this.name} is no list of symbols`);
    return parseExchangeInfo(info.data.symbols, this.name, new Date().toISOString());
  }
}

/** @param asOf when the list was read (ISO 8601) */
export function parseExchangeInfo(rows: readonly unknown[], source: string, asOf: string): ReadList {
  const instruments: Instrument[] = [];
  let unreadableRows = 0;
  for (const value of rows) {
    const row = rowSchema.safeParse(value);
    if (row.success) instruments.push(toInstrument(row.data, source, asOf));
    else unreadableRows += 1;
  }
  return { instruments, unreadableRows };
}

function toInstrument(row: z.output<typeof rowSchema>, source: string, asOf: string): Instrument {
  const { symbol, status, baseAsset = null, quoteAsset = null } = row;
  const { isSpotTradingAllowed = true, isMarginTradingAllowed = false } = row;
  const filters: Filters = new Map(row.filters.map((filter) => [filter.filterType, filter]));
  const step = figure(filters, 'PRICE_FILTER', 'tickSize');
  const pair = baseAsset !== null && quoteAsset !== null ? `${baseAsset}/${quoteAsset}` : null;
  // Older venues and test networks say MIN_NOTIONAL.
  const least = filters.has('NOTIONAL') ? 'NOTIONAL' : 'MIN_NOTIONAL';
  const atMarket = filters.get(least)?.[least === 'NOTIONAL' ? 'applyMinToMarket' : 'applyToMarket'];
  return instrumentOf({
    feed: 'binance',
    symbol,
    aliases: pair === null ? [] : [pair],
    name: pair,
    exchange: 'BINANCE',
    assetClass: 'crypto',
    baseAsset,
    currency: quoteAsset,
    calendar: 'CRYPTO',
    priceSteps: step === null ? null : [{ upTo: null, step }],
    priceDecimals: step === null ? 8 : decimalsOf(step),
    quantityStep: figure(filters, 'LOT_SIZE', 'stepSize'),
    minQuantity: figure(filters, 'LOT_SIZE', 'minQty'),
    maxQuantity: figure(filters, 'LOT_SIZE', 'maxQty'),
    maxMarketQuantity: figure(filters, 'MARKET_LOT_SIZE', 'maxQty'),
    minNotional: figure(filters, least, 'minNotional'),
    minNotionalAppliesToMarket: atMarket === true,
    products: [
      ...(isSpotTradingAllowed ? (['spot'] as const) : []),
      ...(isMarginTradingAllowed ? (['margin'] as const) : []),
    ],
    shortProducts: isMarginTradingAllowed ? ['margin'] : [],
    status: status === 'TRADING' ? 'trading' : 'halted',
    source,
    asOf,
  });
}

/** A figure of a filter; zero means "no such bound" there. */
function figure(filters: Filters, filter: string, field: string): number | null {
  const value = decimalField.safeParse(filters.get(filter)?.[field]);
  return value.success && value.data > 0 ? value.data : null;
}
