import { setTimeout as pause } from 'node:timers/promises';
import type { FeedStatus } from '@tickbridge/contracts';
import type { MarketUpdate } from '../../ticks/market-update';
import { Feed, type FeedConnection } from '../feed';
import type { FeedSink } from '../feed-sink';
import { SupervisedSocket } from '../supervised-socket';
import { BinanceConversation } from './binance.conversation';
import { BinanceGapFill } from './binance.gap-fill';
import { RepetitionSieve } from './repetition-sieve';

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

/** The vendor closes a connection after 24 hours; it is replaced before that (ms). */
const CONNECTION_LIFE_MS = 23.5 * 3_600_000;

/** So long both connections deliver, so that what is under way on the old one arrives (ms). */
const OVERLAP_MS = 2_000;

/** A replacement that could not be made is tried again after this long (ms). */
const REPLACE_AGAIN_MS = 60_000;

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
 * Before the vendor closes a connection a second one takes over; while both deliver, each trade counts once. A
 * connection that breaks is made again, and what was traded meanwhile is fetched.
 */
export class BinanceFeed extends Feed {
  readonly name = 'binance';
  readonly silenceLimitMs = 2 * HEARTBEAT_MS;
  private readonly subscribed: ReadonlySet<string>;
  private readonly refused: FeedStatus['symbolsRefused'];
  private readonly gapFill: BinanceGapFill | undefined;
  /** In use while two connections deliver, and kept: what the old one had under way comes after its end. */
  private readonly sieve = new RepetitionSieve();
  private socket: SupervisedSocket;
  /** The connection that is about to take over. */
  private next: SupervisedSocket | undefined;
  private timer: NodeJS.Timeout | undefined;
  private earlierReconnects = 0;
  private isWanted = false;

  constructor(
    private readonly options: BinanceFeedOptions,
    private readonly sink: FeedSink,
  ) {
    super();
    this.gapFill =
      options.restUrl === undefined
        ? undefined
        : new BinanceGapFill(options.restUrl, sink, options.now ?? Date.now);
    this.subscribed = new Set(options.symbols.slice(0, MAX_SYMBOLS));
    this.refused = options.symbols
      .slice(MAX_SYMBOLS)
      .map((symbol) => ({ symbol, reason: `above ${MAX_SYMBOLS} symbols on one connection` }));
    this.socket = this.newSocket();
  }

  get simulated(): boolean {
    return this.socket.simulated;
  }

  get state(): FeedStatus['state'] {
    return this.socket.state;
  }

  symbols(): readonly string[] {
    return this.options.symbols;
  }

  isSubscribed(symbol: string): boolean {
    return this.subscribed.has(symbol);
  }

  connect(): Promise<void> {
    if (!this.isWanted) this.gapFill?.start();
    this.isWanted = true;
    this.replaceIn(this.options.connectionLifeMs ?? CONNECTION_LIFE_MS);
    return this.socket.start();
  }

  async disconnect(): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.timer);
    this.gapFill?.stop();
    await Promise.all([this.socket.stop(), this.next?.stop()]);
  }

  connection(): FeedConnection {
    const { state, attempts, lastError, reconnects } = this.socket;
    return {
      state,
      connected: state === 'connected',
      attempts,
      lastError,
      reconnects: this.earlierReconnects + reconnects,
      symbolsRequested: this.options.symbols.length,
      symbolsRefused: this.refused,
    };
  }

  private newSocket(): SupervisedSocket {
    const { url, random, now = Date.now } = this.options;
    const symbols = [...this.subscribed];
    let isFirst = true;
    const listener = {
      opened: () => {
        this.sink.connectionStarted(symbols);
        this.gapFill?.connectionStarted(symbols);
        // Made again after a loss: where numbers began anew meanwhile, they do not tell what went by.
        if (!isFirst) this.sink.tradesLost(symbols);
        isFirst = false;
      },
      update: (update: MarketUpdate) => this.take(update),
      closing: () => void this.replace(),
    };
    return new SupervisedSocket({
      url: () => streamUrl(url, this.subscribed),
      label: new URL(url).host,
      silenceLimitMs: this.silenceLimitMs,
      random,
      unreadable: (sample) => this.sink.reject('malformed', sample),
      converse: (socket) => new BinanceConversation(socket, this.subscribed, this.sink, listener, now),
    });
  }

  private take(update: MarketUpdate): void {
    // With one connection a repetition is the vendor's fault, and the gate's to count.
    if (this.sieve.isRepeated(update) && this.next !== undefined) {
      this.sink.ignore('trade-of-both-connections');
      return;
    }
    this.sink.accept(update);
    if (update.kind === 'trade') this.gapFill?.see(update);
  }

  private replaceIn(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.replace(), delayMs);
    this.timer.unref();
  }

  /** A second connection, and then the end of the first. The first one goes on when there is none to be had. */
  private async replace(): Promise<void> {
    if (this.next !== undefined || !this.isWanted) return;
    const next = this.newSocket();
    this.next = next;
    await next.start();
    if (next.state === 'connected') await pause(this.options.overlapMs ?? OVERLAP_MS);
    // Looked at again: it may have been lost as soon as it was made.
    const isReady = next.state === 'connected';
    if (isReady && this.isWanted) {
      const old = this.socket;
      this.socket = next;
      this.earlierReconnects += old.reconnects;
      await old.stop();
    } else {
      await next.stop();
    }
    this.next = undefined;
    if (!this.isWanted) return;
    this.replaceIn(isReady ? (this.options.connectionLifeMs ?? CONNECTION_LIFE_MS) : REPLACE_AGAIN_MS);
  }
}

function streamUrl(base: string, symbols: ReadonlySet<string>): string {
  const streams = [...symbols].flatMap((symbol) =>
    STREAMS.map((stream) => `${symbol.toLowerCase()}@${stream}`),
  );
  return `${base.replace(/\/+$/, '')}/stream?streams=${streams.join('/')}`;
}
