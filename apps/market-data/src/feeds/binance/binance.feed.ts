import type { FeedStatus } from '@tickbridge/contracts';
import { Feed, type FeedConnection } from '../feed';
import type { FeedSink } from '../feed-sink';
import { SupervisedSocket } from '../supervised-socket';
import { BinanceConversation } from './binance.conversation';

const STREAMS = ['trade', 'bookTicker', 'miniTicker'] as const;

/** Streams one connection may carry. */
const MAX_STREAMS = 1_024;
const MAX_SYMBOLS = Math.floor(MAX_STREAMS / STREAMS.length);

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
  symbols: readonly string[];
  now?: () => number;
  random?: () => number;
}

/** Live crypto market data over Binance's combined streams; needs no account. */
export class BinanceFeed extends Feed {
  readonly name = 'binance';
  readonly silenceLimitMs = 2 * HEARTBEAT_MS;
  private readonly subscribed: ReadonlySet<string>;
  private readonly refused: FeedStatus['symbolsRefused'];
  private readonly socket: SupervisedSocket;

  constructor(
    private readonly options: BinanceFeedOptions,
    sink: FeedSink,
  ) {
    super();
    this.subscribed = new Set(options.symbols.slice(0, MAX_SYMBOLS));
    this.refused = options.symbols
      .slice(MAX_SYMBOLS)
      .map((symbol) => ({ symbol, reason: `above ${MAX_SYMBOLS} symbols on one connection` }));
    this.socket = new SupervisedSocket({
      url: () => streamUrl(options.url, this.subscribed),
      label: new URL(options.url).host,
      silenceLimitMs: this.silenceLimitMs,
      random: options.random,
      converse: (socket) => new BinanceConversation(socket, this.subscribed, sink, options.now ?? Date.now),
    });
  }

  get simulated(): boolean {
    return this.socket.simulated;
  }

  symbols(): readonly string[] {
    return this.options.symbols;
  }

  isSubscribed(symbol: string): boolean {
    return this.subscribed.has(symbol);
  }

  connect(): Promise<void> {
    return this.socket.start();
  }

  disconnect(): Promise<void> {
    return this.socket.stop();
  }

  connection(): FeedConnection {
    const { state, attempts, lastError, reconnects } = this.socket;
    return {
      state,
      connected: state === 'connected',
      attempts,
      lastError,
      reconnects,
      symbolsRequested: this.options.symbols.length,
      symbolsRefused: this.refused,
    };
  }
}

function streamUrl(base: string, symbols: ReadonlySet<string>): string {
  const streams = [...symbols].flatMap((symbol) =>
    STREAMS.map((stream) => `${symbol.toLowerCase()}@${stream}`),
  );
  return `${base.replace(/\/+$/, '')}/stream?streams=${streams.join('/')}`;
}
