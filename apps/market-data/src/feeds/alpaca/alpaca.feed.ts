import type { FeedStatus } from '@tickbridge/contracts';
import { Feed, type FeedConnection } from '../feed';
import type { FeedSink } from '../feed-sink';
import { SupervisedSocket } from '../supervised-socket';
import { VendorWord } from '../vendor-word';
import { AlpacaConversation } from './alpaca.conversation';
import { AlpacaMinutes } from './alpaca.minutes';
import { AlpacaPoller } from './alpaca.poller';
import type { AlpacaLogin } from './alpaca.rest';
import { AlpacaSubscription } from './alpaca.subscription';

/** A market that is closed says nothing, so we ask for a sign of life ourselves (ms). */
const PING_MS = 10_000;

/** Large and liquid shares and two index funds, subscribed when FEED_SYMBOLS names none: below the 30 of the free plan. */
export const US_MAJORS = [
  ...['AAPL', 'NVDA', 'MSFT', 'AMZN', 'GOOGL', 'META', 'TSLA', 'AVGO', 'AMD', 'NFLX', 'COST', 'INTC', 'QQQ'],
  ...['JPM', 'V', 'MA', 'XOM', 'UNH', 'HD', 'JNJ', 'KO', 'BAC', 'DIS', 'ORCL', 'CRM'],
  ...['SPY', 'IWM'],
] as const;

export interface AlpacaFeedOptions extends AlpacaLogin {
  /** `wss://stream.data.alpaca.markets/v2/iex`; its last part is where the trades are from. */
  url: string;
  /** `https://data.alpaca.markets` */
  restUrl: string;
  /** `https://paper-api.alpaca.markets`, for the clock of the market. */
  tradingUrl: string;
  symbols: readonly string[];
  /** Tests shorten it (ms). */
  pingMs?: number;
  now?: () => number;
  random?: () => number;
}

/** US shares over Alpaca's stream. One connection per login; what it cost while it was gone is loaded as candles. */
export class AlpacaFeed extends Feed {
  readonly name = 'alpaca';
  readonly silenceLimitMs: number;
  private readonly subscription: AlpacaSubscription;
  private readonly socket: SupervisedSocket;
  private readonly word = new VendorWord();
  private readonly poller: AlpacaPoller;
  private hasStood = false;

  constructor(options: AlpacaFeedOptions, sink: FeedSink) {
    super();
    const { url, restUrl, tradingUrl, key, secret, symbols, random, now = Date.now } = options;
    const pingMs = options.pingMs ?? PING_MS;
    this.silenceLimitMs = 3 * pingMs;
    this.subscription = new AlpacaSubscription(symbols);
    const feed = sourceOf(url);
    this.poller = new AlpacaPoller(
      {
        ...{ restUrl, tradingUrl, key, secret, feed, now },
        symbols: () => symbols.filter((symbol) => this.isSubscribed(symbol)),
      },
      sink,
      this.word,
    );
    const minutes = new AlpacaMinutes();
    this.socket = new SupervisedSocket({
      url: () => url,
      label: new URL(url).host,
      silenceLimitMs: this.silenceLimitMs,
      pingMs,
      random,
      unreadable: (sample) => sink.reject('malformed', sample),
      converse: (socket) =>
        new AlpacaConversation(socket, {
          login: { key, secret },
          subscription: this.subscription,
          minutes,
          sink,
          admitted: () => this.admitted(sink),
          subscribed: () => this.poller.start(),
          left: () => this.poller.stop(),
          now,
        }),
    });
  }

  override get vendorWord(): VendorWord {
    return this.word;
  }

  get simulated(): boolean {
    return this.socket.simulated;
  }

  get state(): FeedStatus['state'] {
    return this.socket.state;
  }

  symbols(): readonly string[] {
    return this.subscription.requested;
  }

  isSubscribed(symbol: string): boolean {
    return this.subscription.isWanted(symbol) && !this.subscription.isRefused(symbol);
  }

  connect(): Promise<void> {
    return this.socket.start();
  }

  disconnect(): Promise<void> {
    this.poller.stop();
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
      symbolsRequested: this.subscription.requested.length,
      symbolsRefused: this.subscription.refusals(),
    };
  }

  private admitted(sink: FeedSink): void {
    // Trades carry no numbers: only the vendor's candles know what went by.
    if (this.hasStood) sink.tradesLost(this.subscription.requested);
    this.hasStood = true;
  }
}

/** Where a stream's trades are from: `iex` or `sip`, the last part of its address. */
export function sourceOf(url: string): string {
  return new URL(url).pathname.split('/').filter(Boolean).at(-1) ?? '';
}
