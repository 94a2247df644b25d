import type {
  Fill,
  Instrument,
  LiveQuote,
  LiveStreamEvents,
  Order,
  Signal,
  SystemStatus,
} from '@tickbridge/contracts';
import { Pace } from './pace';

/** A quote with the direction of its last change of price. */
export interface Quote extends LiveQuote {
  moved: 'up' | 'down' | 'flat';
}

export interface LiveState {
  quotes: ReadonlyMap<string, Quote>;
  /** Every symbol that has a quote, in order; the same list until there is a new one. */
  symbols: readonly string[];
  /** What is subscribed, by symbol; empty until it was read. */
  instruments: ReadonlyMap<string, Instrument>;
  signals: readonly Signal[];
  orders: readonly Order[];
  fills: readonly Fill[];
  system: SystemStatus | null;
  /** When `system` came, and when the stream was last heard (ms since 1970, this computer's clock). */
  systemAt: number | null;
  heardAt: number | null;
  /** Whether the stream is open; `null` before the first attempt ended. */
  connected: boolean | null;
  /** Server's clock minus ours (ms): ages are told by the server's clock. */
  clockOffset: number;
}

const KEPT = 200;

/** Everything the live stream brought, for React's `useSyncExternalStore`. */
export class LiveStore {
  private state: LiveState = {
    quotes: new Map(),
    symbols: [],
    instruments: new Map(),
    signals: [],
    orders: [],
    fills: [],
    system: null,
    systemAt: null,
    heardAt: null,
    connected: null,
    clockOffset: 0,
  };
  private readonly listeners = new Set<() => void>();
  private readonly resyncListeners = new Set<() => void>();
  private source: EventSource | undefined;
  private readonly pace = new Pace(() => this.listeners.forEach((listener) => listener()));

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): LiveState => this.state;

  /** Called when lists may be incomplete and have to be read anew. */
  onResync(listener: () => void): () => void {
    this.resyncListeners.add(listener);
    return () => this.resyncListeners.delete(listener);
  }

  /** Opens the stream; the browser keeps it open. */
  start(): () => void {
    const source = new EventSource('/api/v1/stream');
    this.source = source;
    source.onopen = () => {
      this.change({ connected: true, heardAt: Date.now() });
      this.resyncListeners.forEach((listener) => listener());
    };
    source.onerror = () => {
      this.change({ connected: false });
      // The browser gives up on an answer other than 200 (a session that ended); a page load finds out why.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.restart(source), 3_000);
    };
    this.on(source, 'ticks', (data) => this.takeQuotes(data));
    this.on(source, 'signal', (signal) => this.change({ signals: newestFirst(signal, this.state.signals) }));
    this.on(source, 'order', (order) => this.change({ orders: newestFirst(order, this.state.orders) }));
    this.on(source, 'fill', (fill) => this.change({ fills: [fill, ...this.state.fills].slice(0, KEPT) }));
    this.on(source, 'health', (system) => this.change({ system, systemAt: Date.now() }));
    this.on(source, 'resync', () => this.resyncListeners.forEach((listener) => listener()));
    return () => {
      source.close();
      this.source = undefined;
    };
  }

  /** Lists as read over HTTP; what the stream brought meanwhile stays. */
  takeLists(lists: { signals: Signal[] | null; orders: Order[] | null; system: SystemStatus }): void {
    this.change({
      signals: merge(this.state.signals, lists.signals ?? []),
      orders: merge(this.state.orders, lists.orders ?? []),
      system: lists.system,
      systemAt: Date.now(),
    });
  }

  takeInstruments(instruments: readonly Instrument[]): void {
    this.change({ instruments: new Map(instruments.map((each) => [each.symbol, each])) });
  }

  private restart(closed: EventSource): void {
    if (this.source === closed) this.start();
  }

  private takeQuotes({ serverTime, quotes }: LiveStreamEvents['ticks']): void {
    const next = new Map(this.state.quotes);
    for (const quote of quotes) {
      const before = next.get(quote.symbol);
      const moved = before === undefined ? 'flat' : compare(quote.lastPrice, before.lastPrice, before.moved);
      next.set(quote.symbol, { ...quote, moved });
    }
    const { symbols } = this.state;
    this.change({
      quotes: next,
      symbols: next.size === symbols.length ? symbols : [...next.keys()].sort(),
      clockOffset: serverTime - Date.now(),
    });
  }

  private change(part: Partial<LiveState>): void {
    this.state = { ...this.state, ...part };
    this.pace.request();
  }

  private on<Name extends keyof LiveStreamEvents>(
    source: EventSource,
    name: Name,
    take: (data: LiveStreamEvents[Name]) => void,
  ): void {
    source.addEventListener(name, (event) => {
      this.state = { ...this.state, heardAt: Date.now() };
      take(JSON.parse(event.data as string) as LiveStreamEvents[Name]);
    });
  }
}

function compare(price: number, before: number, moved: Quote['moved']): Quote['moved'] {
  if (price === before) return moved;
  return price > before ? 'up' : 'down';
}

interface Listed {
  id: string;
  createdAt: string;
  updatedAt?: string;
}

function newestFirst<T extends Listed>(item: T, list: readonly T[]): T[] {
  return merge(list, [item]);
}

/** Each id once, in its newest version, newest first. */
function merge<T extends Listed>(a: readonly T[], b: readonly T[]): T[] {
  const byId = new Map<string, T>();
  for (const item of [...a, ...b]) {
    const known = byId.get(item.id);
    if (known === undefined || (item.updatedAt ?? '') >= (known.updatedAt ?? '')) byId.set(item.id, item);
  }
  return [...byId.values()].sort((x, y) => (x.createdAt < y.createdAt ? 1 : -1)).slice(0, KEPT);
}
