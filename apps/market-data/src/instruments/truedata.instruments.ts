import { setImmediate } from 'node:timers/promises';
import {
  type AssetClass,
  decimalOf,
  decimalsOf,
  type FeedName,
  type Instrument,
} from '@tickbridge/contracts';
import { instrumentOf } from '@tickbridge/trading-core';
import { parse } from 'csv-parse/sync';
import { type InstrumentSource, NoListError, type ReadList } from './instrument-source';

const TIMEOUT_MS = 30_000;
/** Rows read at once. */
const SLICE = 1_000;

/** The parts of the vendor's list that a login may have; each is read by itself. */
export const TRUEDATA_SEGMENTS = ['eq', 'in', 'fo', 'bseeq', 'mcx', 'cds'] as const;
type Segment = (typeof TRUEDATA_SEGMENTS)[number];

const EXCHANGE: Record<Segment, string> = {
  eq: 'NSE',
  in: 'NSE',
  fo: 'NSE',
  bseeq: 'BSE',
  mcx: 'MCX',
  cds: 'NSE',
};
const CALENDAR: Record<Segment, string> = {
  eq: 'NSE_EQUITY',
  in: 'NSE_EQUITY',
  fo: 'NSE_EQUITY',
  bseeq: 'NSE_EQUITY',
  mcx: 'MCX',
  cds: 'NSE_CURRENCY',
};

/** Columns by the names that their header has been seen with. */
const COLUMNS = {
  symbol: ['symbol'],
  series: ['series', 'segment', 'segtype', 'optiontype'],
  lot: ['lotsize', 'lot'],
  tick: ['ticksize', 'tick'],
  expiry: ['expiry', 'expirydate'],
  strike: ['strike', 'strikeprice'],
  underlying: ['underlying', 'underlyingsymbol'],
  company: ['companyname', 'company'],
} as const;
type Column = keyof typeof COLUMNS;

export interface TrueDataListOptions {
  feed: Extract<FeedName, 'truedata' | 'simulator'>;
  /** `https://api.truedata.in` */
  url: string;
  user: string;
  password: string;
}

/**
 * One segment of TrueData's symbol master, by `GET /getAllSymbols` as CSV with a header.
 *
 * The login stands in the query, as the vendor wants it, and never in an error.
 */
export class TrueDataInstruments implements InstrumentSource {
  readonly feed: FeedName;
  readonly name: string;

  constructor(
    private readonly options: TrueDataListOptions,
    private readonly segment: Segment,
  ) {
    this.feed = options.feed;
    this.name = `getAllSymbols ${segment} of ${new URL(options.url).host}`;
  }

  async read(): Promise<ReadList> {
    const { url, user, password, feed } = this.options;
    const query = new URLSearchParams({
      segment: this.segment,
      user,
      password,
      csv: 'true',
      csvHeader: 'true',
      ticksize: 'true',
      underlying: 'true',
      companyname: 'true',
    });
    const response = await fetch(`${url}/getAllSymbols?${query.toString()}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      const { cause } = error as { cause?: { code?: string } };
      throw new Error(`${this.name} cannot be reached${cause?.code ? ` (${cause.code})` : ''}`);
    });
    if (!response.ok) {
      const said = `${this.name} answered with status ${response.status}`;
      // Only these can mean that the login does not have this part of the market.
      throw response.status === 403 || response.status === 404 ? new NoListError(said) : new Error(said);
    }
    return parseSymbolMaster(await response.text(), {
      feed,
      segment: this.segment,
      source: this.name,
      asOf: new Date().toISOString(),
    });
  }
}

interface ListFacts {
  feed: FeedName;
  segment: Segment;
  source: string;
  asOf: string;
}

/** Rows of a list by their columns. @throws NoListError without a column of symbols: errors are text with status 200 too */
function rowsOf(text: string, source: string): Record<string, string>[] {
  const [header = [], ...rows]: string[][] = parse(text, {
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    trim: true,
    bom: true,
  });
  const columns = header.map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
  if (!columns.includes('symbol')) {
    const said = header.join(',').slice(0, 100);
    throw new NoListError(`${source} is no list of symbols: ${said === '' ? 'it is empty' : said}`);
  }
  return rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? ''])));
}

/**
 * A hundred thousand contracts take seconds: between slices of them the live market has its turn.
 *
 * @throws NoListError when the text is no list
 */
export async function parseSymbolMaster(text: string, facts: ListFacts): Promise<ReadList> {
  const rows = rowsOf(text, facts.source);
  const instruments: Instrument[] = [];
  for (let start = 0; start < rows.length; start += SLICE) {
    for (const row of rows.slice(start, start + SLICE)) {
      const instrument = toInstrument(row, facts);
      if (instrument) instruments.push(instrument);
    }
    if (start + SLICE < rows.length) await setImmediate();
  }
  return { instruments, unreadableRows: rows.length - instruments.length };
}

function toInstrument(record: Record<string, string>, facts: ListFacts): Instrument | undefined {
  const field = (column: Column): string =>
    COLUMNS[column].map((name) => record[name]).find((value) => value !== undefined && value !== '') ?? '';
  const symbol = field('symbol').toUpperCase();
  if (symbol === '' || symbol.length > 50) return undefined;
  const { feed, segment, source, asOf } = facts;
  const lot = positive(field('lot'));
  const tick = positive(field('tick'));
  const isDerivative = segment === 'fo' || segment === 'mcx' || segment === 'cds';
  const derivative = isDerivative ? derivativeOf(field, segment) : null;
  const canBeHeld = segment !== 'in';
  // Every other series is for delivery only (trade to trade), or has an auction of its own.
  const isDayTraded = ['', 'EQ', 'A', 'B'].includes(field('series').toUpperCase());
  return instrumentOf({
    feed,
    symbol,
    name: field('company') || null,
    exchange: feed === 'simulator' ? 'SIMULATED' : EXCHANGE[segment],
    segment: segment.toUpperCase(),
    assetClass: assetClassOf(segment, derivative?.kind),
    currency: 'INR',
    calendar: feed === 'simulator' ? 'SIMULATED' : CALENDAR[segment],
    priceSteps: canBeHeld && tick !== null ? [{ upTo: null, step: tick }] : null,
    priceDecimals: Math.max(2, tick === null ? 0 : decimalsOf(tick)),
    // A share without a lot trades by the piece; a derivative without one is not known.
    quantityStep: canBeHeld ? (lot ?? (isDerivative ? null : 1)) : null,
    minQuantity: canBeHeld ? lot : null,
    hasPriceBand: segment === 'eq' || segment === 'bseeq',
    products: canBeHeld
      ? isDerivative
        ? ['margin']
        : isDayTraded
          ? ['delivery', 'intraday']
          : ['delivery']
      : [],
    shortProducts: canBeHeld ? (isDerivative ? ['margin'] : isDayTraded ? ['intraday'] : []) : [],
    derivative,
    status: 'trading',
    source,
    asOf,
  });
}

function assetClassOf(segment: Segment, kind: 'future' | 'call' | 'put' | undefined): AssetClass {
  if (segment === 'in') return 'index';
  if (kind === undefined) return 'stock';
  return kind === 'future' ? 'future' : 'option';
}

function derivativeOf(field: (column: Column) => string, segment: Segment): Instrument['derivative'] {
  const series = field('series').toUpperCase();
  const day = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(field('expiry'));
  return {
    kind: series === 'CE' ? 'call' : series === 'PE' ? 'put' : 'future',
    underlying: field('underlying') || null,
    // 1970 stands for "none" in continuous contracts.
    expiry: day && day[1] !== '1970' ? `${day[1]}-${day[2]}-${day[3]}` : null,
    strike: positive(field('strike')),
    // NSE's lots are pieces of the underlying; what a unit of a commodity or currency contract is worth the list does not say.
    multiplier: segment === 'fo' ? 1 : null,
  };
}

function positive(text: string): number | null {
  const value = decimalOf(text);
  return value > 0 ? value : null;
}
