import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decimalOf,
  type FeedName,
  type Instrument,
  instrumentSchema,
  productSchema,
} from '@tickbridge/contracts';
import { decimalsOfSteps, instrumentOf } from '@tickbridge/trading-core';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { InstrumentSource, ReadList } from './instrument-source';

const list = z.string().transform((text) =>
  text
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const number = z.string().transform(decimalOf).pipe(z.number().positive());

/** Columns of a user's file, named as the fields of an instrument; only `symbol` has to be there. */
const rowSchema = z
  .object({
    feed: z.string(),
    symbol: z
      .string()
      .min(1)
      .transform((symbol) => symbol.toUpperCase()),
    aliases: list,
    name: z.string(),
    exchange: z.string(),
    segment: z.string(),
    assetClass: instrumentSchema.shape.assetClass,
    baseAsset: z.string(),
    currency: z.string().toUpperCase(),
    calendar: z.string(),
    priceStep: number,
    priceDecimals: z.string().regex(/^\d+$/).transform(Number),
    quantityStep: number,
    minQuantity: number,
    maxQuantity: number,
    maxMarketQuantity: number,
    minNotional: number,
    freezeQuantity: number,
    hasPriceBand: z.enum(['true', 'false']).transform((text) => text === 'true'),
    products: list.pipe(z.array(productSchema)),
    shortProducts: list.pipe(z.array(productSchema)),
    status: z.enum(['trading', 'halted', 'delisted']),
    kind: z.enum(['future', 'call', 'put']),
    underlying: z.string(),
    expiry: z.iso.date(),
    strike: number,
    multiplier: number,
  })
  .partial()
  .required({ symbol: true })
  .strict();
type Row = z.output<typeof rowSchema>;

/**
 * Instruments of a user: every `*.csv` in a folder, read whole.
 *
 * A row describes a new instrument, or changes the fields it names of one that a vendor lists.
 */
export class CsvInstruments implements InstrumentSource {
  readonly name: string;

  /** @param base what a row adds to; `undefined` for an instrument that no list has */
  constructor(
    readonly feed: FeedName,
    private readonly directory: string,
    private readonly base: (symbol: string) => Instrument | undefined,
  ) {
    this.name = 'CSV files';
  }

  /** Symbols of all rows, whatever else they say. */
  async symbols(): Promise<string[]> {
    const files = await this.files();
    return files.flatMap(({ text }) =>
      records(text).flatMap(({ symbol = '' }) => (symbol === '' ? [] : [symbol.toUpperCase()])),
    );
  }

  /** @returns nothing while there is no such folder */
  async read(): Promise<ReadList> {
    const instruments: Instrument[] = [];
    let unreadableRows = 0;
    for (const { name, text } of await this.files()) {
      const asOf = new Date().toISOString();
      const read = parseInstruments(text, { feed: this.feed, source: name, asOf, base: this.base });
      instruments.push(...read.instruments);
      unreadableRows += read.unreadableRows;
    }
    return { instruments, unreadableRows };
  }

  private async files(): Promise<{ name: string; text: string }[]> {
    const names = await readdir(this.directory).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    const lists = names.filter((each) => each.toLowerCase().endsWith('.csv')).sort();
    return Promise.all(
      lists.map(async (name) => ({ name, text: await readFile(join(this.directory, name), 'utf8') })),
    );
  }
}

function records(text: string): Record<string, string>[] {
  return parse(text, {
    columns: true,
    skip_empty_lines: true,
    relax_column_count: true,
    trim: true,
    bom: true,
  });
}

interface FileFacts {
  feed: FeedName;
  source: string;
  asOf: string;
  base: (symbol: string) => Instrument | undefined;
}

/** Rows of one file; those of another feed are left out. */
export function parseInstruments(text: string, facts: FileFacts): ReadList {
  const instruments: Instrument[] = [];
  let unreadableRows = 0;
  for (const record of records(text)) {
    const filled = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ''));
    const row = rowSchema.safeParse(filled);
    const instrument = row.success ? toInstrument(row.data, facts) : undefined;
    if (!row.success || instrument === null) unreadableRows += 1;
    else if (instrument) instruments.push(instrument);
  }
  return { instruments, unreadableRows };
}

/** @returns `undefined` for a row of another feed, `null` for one that says too little of a new instrument */
function toInstrument(row: Row, { feed, source, asOf, base }: FileFacts): Instrument | undefined | null {
  const { feed: ofFeed = feed, priceStep, kind, underlying, expiry, strike, multiplier, ...fields } = row;
  if (ofFeed !== feed) return undefined;
  const known = base(row.symbol);
  const exchange = fields.exchange ?? known?.exchange;
  const assetClass = fields.assetClass ?? known?.assetClass;
  if (exchange === undefined || assetClass === undefined) return null;
  const priceSteps = priceStep === undefined ? known?.priceSteps : [{ upTo: null, step: priceStep }];
  const derivative =
    kind === undefined
      ? known?.derivative
      : {
          kind,
          underlying: underlying ?? null,
          expiry: expiry ?? null,
          strike: strike ?? null,
          multiplier: multiplier ?? 1,
        };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return instrumentOf({
    status: 'trading',
    ...known,
    ...(given as Partial<Instrument>),
    feed,
    symbol: row.symbol,
    exchange,
    assetClass,
    priceSteps: priceSteps ?? null,
    priceDecimals:
      fields.priceDecimals ??
      (priceSteps ? Math.max(2, decimalsOfSteps(priceSteps)) : (known?.priceDecimals ?? 8)),
    derivative: derivative ?? null,
    source,
    asOf,
  });
}
