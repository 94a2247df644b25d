import { Logger } from '@nestjs/common';
import type { FeedName, Instrument } from '@tickbridge/contracts';
import { knownInstrument } from '@tickbridge/trading-core';
import { CsvInstruments } from './csv.instruments';
import { type InstrumentSource, NoListError } from './instrument-source';
import type { InstrumentStore } from './instrument-store';

const CSV_LIST = 'CSV files';
/** A list that has shrunk to less than this is a broken answer: what it lacks has not left the exchange. */
const LEAST_SHARE = 0.8;

/** Reads the lists of one feed into the store: the vendor's, and over them what the user's files say. */
export class ListReader {
  private readonly log = new Logger('Instruments');

  /** @param directory the user's files */
  constructor(
    readonly feed: FeedName,
    private readonly sources: readonly InstrumentSource[],
    private readonly store: InstrumentStore,
    private readonly directory: string,
  ) {}

  /** Names of the vendor's lists. */
  get names(): readonly string[] {
    return this.sources.map(({ name }) => name);
  }

  get hasVendorLists(): boolean {
    return this.sources.length > 0;
  }

  /**
   * Reads every list once.
   *
   * @returns symbols that are described differently now, and whether the vendor gave every list it has for this login
   */
  async read(): Promise<{ changed: string[]; complete: boolean }> {
    const changed: string[] = [];
    let lists = 0;
    let unasked = 0;
    const overridden = new Set<string>();
    for (const source of this.sources) {
      const outcome = await this.attempt(source.name, () => this.readVendors(source, overridden));
      if (Array.isArray(outcome)) {
        changed.push(...outcome);
        lists += 1;
      } else if (outcome === 'unasked') unasked += 1;
    }
    const own = await this.attempt(CSV_LIST, () => this.readOwn(overridden));
    if (Array.isArray(own)) changed.push(...own);
    return { changed, complete: lists > 0 && unasked === 0 };
  }

  private async readVendors(source: InstrumentSource, overridden: Set<string>): Promise<string[]> {
    const readAt = new Date();
    const { instruments, unreadableRows } = await source.read();
    const listed = new Map(instruments.map((each) => [each.symbol, withKnownNames(each)]));
    const own = await this.ownFiles((symbol) => listed.get(symbol)).read();
    for (const each of own.instruments) {
      if (!listed.has(each.symbol)) continue;
      overridden.add(each.symbol);
      // Still the vendor's list that has it: what it leaves out tomorrow is delisted, changed by hand or not.
      listed.set(each.symbol, { ...each, source: source.name });
    }
    const before = (await this.store.lists()).find(
      (list) => list.feed === this.feed && list.source === source.name,
    );
    const least = (before?.instruments ?? 0) * LEAST_SHARE;
    if (listed.size === 0 || listed.size < least) {
      throw new Error(`it has ${listed.size} instruments, ${before?.instruments ?? 'some'} were expected`);
    }
    const changed = await this.store.save(this.feed, source.name, [...listed.values()], {
      readAt,
      // What stands in a row that cannot be read has not left the list.
      isWhole: unreadableRows === 0,
    });
    await this.store.recordReading({
      feed: this.feed,
      source: source.name,
      instruments: listed.size,
      readAt,
      unreadableRows,
      lastError: null,
    });
    this.log.log(`${source.name}: ${listed.size} instruments, ${changed.length} changed`);
    return changed;
  }

  /** What the user describes and no vendor lists. */
  private async readOwn(overridden: ReadonlySet<string>): Promise<string[]> {
    const readAt = new Date();
    const stored = new Map<string, Instrument>();
    const written = await this.ownFiles(() => undefined).symbols();
    for (const each of await this.store.named(this.feed, written)) stored.set(each.symbol, each);
    const { instruments, unreadableRows } = await this.ownFiles(
      (symbol) => stored.get(symbol) ?? knownInstrument(this.feed, symbol),
    ).read();
    // What a vendor lists is changed when that list is read; one that fails today has not unsaid its own words.
    const isVendors = (symbol: string) => this.names.includes(stored.get(symbol)?.source ?? '');
    const own = new Map(
      instruments
        .filter(({ symbol }) => !overridden.has(symbol) && !isVendors(symbol))
        .map((each) => [each.symbol, each]),
    );
    const hadOwn = (await this.store.lists()).some(
      ({ feed, source, instruments: count }) => feed === this.feed && source === CSV_LIST && count > 0,
    );
    if (own.size === 0 && unreadableRows === 0 && !hadOwn) return [];
    await this.store.recordReading({
      feed: this.feed,
      source: CSV_LIST,
      instruments: own.size,
      readAt,
      unreadableRows,
      lastError: unreadableRows > 0 ? `${unreadableRows} rows could not be read` : null,
    });
    const described = [...own.values()].map((each) => ({ ...each, source: CSV_LIST }));
    return this.store.save(this.feed, CSV_LIST, described, { readAt, isWhole: unreadableRows === 0 });
  }

  private ownFiles(base: (symbol: string) => Instrument | undefined): CsvInstruments {
    return new CsvInstruments(this.feed, this.directory, base);
  }

  private async attempt(
    source: string,
    read: () => Promise<string[]>,
  ): Promise<string[] | 'no list' | 'unasked'> {
    try {
      return await read();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isAbsent = error instanceof NoListError;
      if (isAbsent) this.log.debug(message);
      else this.log.warn(`${source} could not be read: ${message}`);
      const failed = { feed: this.feed, source, instruments: 0, readAt: null, unreadableRows: 0 };
      await this.store.recordReading({ ...failed, lastError: message }).catch(() => undefined);
      return isAbsent ? 'no list' : 'unasked';
    }
  }
}

/** A vendor's list says neither what people call an index nor that a figure is no average of shares. */
function withKnownNames(listed: Instrument): Instrument {
  const known = knownInstrument(listed.feed, listed.symbol);
  if (!known) return listed;
  return {
    ...listed,
    aliases: [...new Set([...listed.aliases, ...known.aliases])],
    assetClass: known.assetClass,
  };
}
