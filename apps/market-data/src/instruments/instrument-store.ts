import type { FeedName, Instrument, InstrumentChange, InstrumentList } from '@tickbridge/contracts';
import { namesOf } from '@tickbridge/trading-core';

/** What people look for. */
export interface InstrumentSearch {
  search?: string | undefined;
  feed?: FeedName | undefined;
  assetClass?: Instrument['assetClass'] | undefined;
  status?: Instrument['status'] | undefined;
  limit: number;
  offset: number;
}

/** How a list was read. */
export interface Reading {
  readonly readAt: Date;
  /** What the same list had before and has no more is `delisted`. */
  readonly isWhole: boolean;
}

/** Home of the instruments, of what changed of them, and of how their lists were read. */
export abstract class InstrumentStore {
  /** Adds what comes with the platform; what a list has described stays. */
  abstract addKnown(known: readonly Instrument[]): Promise<void>;

  /**
   * Writes what a list says; what it says no differently stays as it is.
   *
   * @returns symbols of known instruments that are described differently now
   */
  abstract save(
    feed: FeedName,
    source: string,
    list: readonly Instrument[],
    reading: Reading,
  ): Promise<string[]>;

  abstract recordReading(list: Omit<InstrumentList, 'readAt'> & { readAt: Date | null }): Promise<void>;
  abstract lists(): Promise<InstrumentList[]>;

  /** Instruments that are called by any of these names. @param keys as `lookUpKeys` gives them */
  abstract named(feed: FeedName, keys: readonly string[]): Promise<Instrument[]>;

  /** Symbols of a feed that trade. */
  abstract symbols(feed: FeedName): Promise<string[]>;
  abstract search(wanted: InstrumentSearch): Promise<{ instruments: Instrument[]; total: number }>;

  /** Newest first. */
  abstract changes(feed: FeedName, symbol: string, limit: number): Promise<InstrumentChange[]>;
}

/** Instruments of a service without PostgreSQL: gone with the process, and without their changes. */
export class MemoryInstrumentStore extends InstrumentStore {
  private readonly rows = new Map<string, Instrument>();
  private readonly readings = new Map<string, InstrumentList>();

  constructor(instruments: readonly Instrument[] = []) {
    super();
    for (const instrument of instruments) this.rows.set(keyOf(instrument), instrument);
  }

  addKnown(known: readonly Instrument[]): Promise<void> {
    for (const instrument of known) {
      if (!this.rows.has(keyOf(instrument))) this.rows.set(keyOf(instrument), instrument);
    }
    return Promise.resolve();
  }

  save(_feed: FeedName, _source: string, list: readonly Instrument[]): Promise<string[]> {
    for (const instrument of list) this.rows.set(keyOf(instrument), instrument);
    return Promise.resolve(list.map(({ symbol }) => symbol));
  }

  recordReading(list: Omit<InstrumentList, 'readAt'> & { readAt: Date | null }): Promise<void> {
    const key = `${list.feed} ${list.source}`;
    const readAt = list.readAt?.toISOString() ?? this.readings.get(key)?.readAt ?? null;
    this.readings.set(key, { ...list, readAt });
    return Promise.resolve();
  }

  lists(): Promise<InstrumentList[]> {
    return Promise.resolve([...this.readings.values()]);
  }

  named(feed: FeedName, keys: readonly string[]): Promise<Instrument[]> {
    const wanted = new Set(keys);
    return Promise.resolve(this.of(feed).filter((each) => namesOf(each).some((name) => wanted.has(name))));
  }

  symbols(feed: FeedName): Promise<string[]> {
    return Promise.resolve(this.of(feed).map(({ symbol }) => symbol));
  }

  search({ search, feed, assetClass, status, limit, offset }: InstrumentSearch) {
    const text = search?.trim().toUpperCase() ?? '';
    const found = [...this.rows.values()].filter(
      (each) =>
        (feed === undefined || each.feed === feed) &&
        (assetClass === undefined || each.assetClass === assetClass) &&
        (status === undefined || each.status === status) &&
        [...namesOf(each), each.name?.toUpperCase() ?? ''].some((name) => name.includes(text)),
    );
    return Promise.resolve({ instruments: found.slice(offset, offset + limit), total: found.length });
  }

  changes(): Promise<InstrumentChange[]> {
    return Promise.resolve([]);
  }

  private of(feed: FeedName): Instrument[] {
    return [...this.rows.values()].filter((each) => each.feed === feed);
  }
}

function keyOf({ feed, symbol }: Pick<Instrument, 'feed' | 'symbol'>): string {
  return `${feed} ${symbol}`;
}
