import type { FeedName, FeedStatus } from '@tickbridge/contracts';
import { Feed, type FeedConnection } from '../feed';
import type { FeedSink } from '../feed-sink';
import { SupervisedSocket } from '../supervised-socket';
import { TrueDataConversation } from './truedata.conversation';
import { VendorWord } from '../vendor-word';
import { type TickHistory, TrueDataGapFill } from './truedata.gap-fill';
import { TrueDataSubscription } from './truedata.subscription';

export interface TrueDataFeedOptions {
  name: Extract<FeedName, 'truedata' | 'simulator'>;
  /** `wss://push.truedata.in:8082` */
  url: string;
  user: string;
  password: string;
  symbols: readonly string[];
  /** For trades that a lost connection cost; without it they stay missing. */
  history?: TickHistory | null;
  /** Pause between two questions to it (ms). */
  historyPauseMs?: number;
  /** The vendor's heartbeat, 5 s; tests shorten it. */
  heartbeatMs?: number;
  now?: () => number;
  random?: () => number;
}

/** Live Indian market data over TrueData's WebSocket. */
export class TrueDataFeed extends Feed {
  readonly name: FeedName;
  readonly silenceLimitMs: number;
  private readonly subscription: TrueDataSubscription;
  private readonly socket: SupervisedSocket;
  private readonly word = new VendorWord();
  private readonly gapFill: TrueDataGapFill | null;

  constructor(options: TrueDataFeedOptions, sink: FeedSink) {
    super();
    this.name = options.name;
    this.silenceLimitMs = 2 * (options.heartbeatMs ?? 5_000);
    const { history, historyPauseMs: pauseMs = 0, now = Date.now } = options;
    this.gapFill = history ? new TrueDataGapFill(history, sink, { pauseMs, now }) : null;
    this.subscription = new TrueDataSubscription(options.symbols);
    this.socket = new SupervisedSocket({
      url: () => loginUrl(options),
      label: new URL(options.url).host,
      silenceLimitMs: this.silenceLimitMs,
      random: options.random,
      unreadable: (sample) => sink.reject('malformed', sample),
      converse: (socket) =>
        new TrueDataConversation(socket, {
          subscription: this.subscription,
          sink,
          word: this.word,
          gapFill: this.gapFill,
          now,
        }),
    });
  }

  override get vendorWord(): VendorWord {
    return this.word;
  }

  get simulated(): boolean {
    return this.name === 'simulator' || this.socket.simulated;
  }

  get state(): FeedStatus['state'] {
    return this.socket.state;
  }

  symbols(): readonly string[] {
    return this.subscription.requested;
  }

  isSubscribed(symbol: string): boolean {
    return this.subscription.requested.includes(symbol) && !this.subscription.isRefused(symbol);
  }

  connect(): Promise<void> {
    return this.socket.start();
  }

  disconnect(): Promise<void> {
    this.gapFill?.stop();
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
}

/**
 * The vendor's server does not decode the password, so it goes in as it is; only what would end the
 * query (`&`, `#`) or is not allowed in an address (spaces, non-ASCII) is encoded.
 */
function loginUrl({ url, user, password }: TrueDataFeedOptions): string {
  const plain = (text: string) => text.replace(/[^\x21-\x7e]|[&#]/gu, encodeURIComponent);
  return `${url.replace(/\/+$/, '')}/?user=${plain(user)}&password=${plain(password)}`;
}
