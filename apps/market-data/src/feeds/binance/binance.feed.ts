import type { FeedStatus } from '@tickbridge/contracts';
import { Feed, type FeedConnection } from '../feed';
import type { FeedSink } from '../feed-sink';
import { BinanceConnection } from './binance.connection';
import { BinanceGapFill } from './binance.gap-fill';
import { symbolsByConnection } from './binance.streams';

/** The server pings every 20 s; trades of the majors come many times a second. */
const HEARTBEAT_MS = 20_000;

/** Ten large markets, subscribed when FEED_SYMBOLS names none. */
export const BINANCE_MAJORS = [
  'BTCUSDT',
  'ETHUSDT',
  'BNBUSDT',
  'SOLUSDT',
  'XRPUSDT',
  'DOGEUSDT',
  'ADAUSDT',
  'AVAXUSDT',
  'LINKUSDT',
  'LTCUSDT',
] as const;

export interface BinanceFeedOptions {
  /** `wss://data-stream.binance.vision` */
  url: string;
  /** `https://data-api.binance.vision`, for trades that a lost connection cost; without it they stay missing. */
  restUrl?: string;
  symbols: readonly string[];
  /** Tests shorten both (ms). */
  connectionLifeMs?: number;
  overlapMs?: number;
  now?: () => number;
  random?: () => number;
}

/**
 * Live crypto market data over Binance's combined streams; needs no account.
 *
 * The symbols are spread over as many connections as the vendor's limits ask for. One that breaks is made again, and
 * what was traded meanwhile is fetched; the others go on.
 */
export class BinanceFeed extends Feed {
  readonly name = 'binance';
  readonly silenceLimitMs = 2 * HEARTBEAT_MS;
  private readonly gapFill: BinanceGapFill | undefined;
  private readonly connections: readonly BinanceConnection[];
  private readonly bySymbol: ReadonlyMap<string, BinanceConnection>;
  private isWanted = false;

  constructor(
    private readonly options: BinanceFeedOptions,
    sink: FeedSink,
  ) {
    super();
    const { restUrl, now = Date.now } = options;
    this.gapFill = restUrl === undefined ? undefined : new BinanceGapFill(restUrl, sink, now);
    const connectionOptions = { ...options, silenceLimitMs: this.silenceLimitMs };
    this.connections = symbolsByConnection(options.symbols).map(
      (symbols) => new BinanceConnection(symbols, connectionOptions, sink, this.gapFill),
    );
    this.bySymbol = new Map(
      this.connections.flatMap((connection) => connection.symbols.map((symbol) => [symbol, connection])),
    );
  }

  get simulated(): boolean {
    return this.connections.some(({ simulated }) => simulated);
  }

  /** Of the first connection that does not stand, when there is one. */
  get state(): FeedStatus['state'] {
    return this.connections.find(({ state }) => state !== 'connected')?.state ?? 'connected';
  }

  override stateOf(symbol: string): FeedStatus['state'] {
    return this.bySymbol.get(symbol)?.state ?? this.state;
  }

  symbols(): readonly string[] {
    return this.options.symbols;
  }

  isSubscribed(symbol: string): boolean {
    return this.bySymbol.get(symbol)?.isRefused(symbol) === false;
  }

  async connect(): Promise<void> {
    if (!this.isWanted) this.gapFill?.start();
    this.isWanted = true;
    await Promise.all(this.connections.map((connection) => connection.start()));
  }

  async disconnect(): Promise<void> {
    this.isWanted = false;
    this.gapFill?.stop();
    await Promise.all(this.connections.map((connection) => connection.stop()));
  }

  connection(): FeedConnection {
    const { connections, state } = this;
    return {
      state,
      connected: state === 'connected',
      attempts: Math.max(...connections.map(({ attempts }) => attempts)),
      lastError: connections.find(({ lastError }) => lastError !== null)?.lastError ?? null,
      reconnects: connections.reduce((sum, { reconnects }) => sum + reconnects, 0),
      symbolsRequested: this.options.symbols.length,
      symbolsRefused: connections.flatMap((connection) => connection.refusals()),
    };
  }
}
