import { setTimeout as pause } from 'node:timers/promises';
import type { FeedStatus } from '@tickbridge/contracts';
import type { MarketUpdate } from '../../ticks/market-update';
import type { FeedSink } from '../feed-sink';
import { SupervisedSocket, type Conversation, type SocketControl } from '../supervised-socket';
import { BinanceConversation } from './binance.conversation';
import type { BinanceGapFill } from './binance.gap-fill';
import { planSubscription, type SubscriptionPlan } from './binance.streams';
import { BinanceSubscription } from './binance.subscription';
import { RepetitionSieve } from './repetition-sieve';

/** The vendor closes a connection after 24 hours; it is replaced before that (ms). */
const CONNECTION_LIFE_MS = 23.5 * 3_600_000;

/** So long both connections deliver, so that what is under way on the old one arrives (ms). */
const OVERLAP_MS = 2_000;

/** A replacement that could not be made is tried again after this long (ms). */
const REPLACE_AGAIN_MS = 60_000;

export interface BinanceConnectionOptions {
  /** `wss://data-stream.binance.vision` */
  readonly url: string;
  readonly silenceLimitMs: number;
  readonly connectionLifeMs?: number;
  readonly overlapMs?: number;
  readonly now?: () => number;
  readonly random?: () => number;
}

/**
 * One connection of the feed and the symbols it carries.
 *
 * Before the vendor closes it a second one takes over; while both deliver, each trade counts once.
 */
export class BinanceConnection {
  private readonly plan: SubscriptionPlan;
  private readonly wanted: ReadonlySet<string>;
  /** In use while two sockets deliver, and kept: what the old one had under way comes after its end. */
  private readonly sieve = new RepetitionSieve();
  private socket: SupervisedSocket;
  /** The socket that is about to take over. */
  private next: SupervisedSocket | undefined;
  private readonly subscriptions = new Map<SupervisedSocket, BinanceSubscription>();
  private timer: NodeJS.Timeout | undefined;
  private earlierReconnects = 0;
  private isWanted = false;
  private hasStood = false;

  constructor(
    readonly symbols: readonly string[],
    private readonly options: BinanceConnectionOptions,
    private readonly sink: FeedSink,
    /** `undefined` where nothing missed can be fetched. */
    private readonly gapFill: BinanceGapFill | undefined,
  ) {
    this.wanted = new Set(symbols);
    this.plan = planSubscription(options.url, symbols);
    this.socket = this.newSocket();
  }

  get simulated(): boolean {
    return this.socket.simulated;
  }

  get state(): FeedStatus['state'] {
    return this.socket.state;
  }

  get attempts(): number {
    return this.socket.attempts;
  }

  get lastError(): string | null {
    return this.socket.lastError;
  }

  get reconnects(): number {
    return this.earlierReconnects + this.socket.reconnects;
  }

  isRefused(symbol: string): boolean {
    return this.subscriptions.get(this.socket)?.isRefused(symbol) ?? false;
  }

  refusals(): FeedStatus['symbolsRefused'] {
    return this.subscriptions.get(this.socket)?.refusals() ?? [];
  }

  start(): Promise<void> {
    this.isWanted = true;
    this.replaceIn(this.options.connectionLifeMs ?? CONNECTION_LIFE_MS);
    return this.socket.start();
  }

  async stop(): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.timer);
    await Promise.all([this.socket.stop(), this.next?.stop()]);
  }

  private newSocket(): SupervisedSocket {
    const { url, random, silenceLimitMs } = this.options;
    const socket: SupervisedSocket = new SupervisedSocket({
      url: () => this.plan.address,
      label: new URL(url).host,
      silenceLimitMs,
      random,
      unreadable: (sample) => this.sink.reject('malformed', sample),
      converse: (control) => this.converse(socket, control),
    });
    return socket;
  }

  private converse(socket: SupervisedSocket, control: SocketControl): Conversation {
    const subscription = new BinanceSubscription(this.plan.messages, (text) => control.send(text));
    this.subscriptions.set(socket, subscription);
    const listener = {
      opened: () => {
        this.connectionStarted(socket);
        subscription.begin();
      },
      closed: () => subscription.end(),
      replied: (id: unknown, error: string | null) => subscription.answered(id, error),
      update: (update: MarketUpdate) => {
        subscription.delivered(update.symbol);
        this.take(update);
      },
      closing: () => void this.replace(),
    };
    return new BinanceConversation(control, this.wanted, this.sink, listener, this.options.now ?? Date.now);
  }

  private connectionStarted(socket: SupervisedSocket): void {
    this.sink.connectionStarted(this.symbols);
    this.gapFill?.connectionStarted(this.symbols);
    // While the one before it delivers nothing is lost; else, where numbers began anew, they do not tell what went by.
    const isTakingOver = socket !== this.socket && this.socket.state === 'connected';
    if (this.hasStood && !isTakingOver) this.sink.tradesLost(this.symbols);
    this.hasStood = true;
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
    if (next.state === 'connected') {
      const overlapMs = this.options.overlapMs ?? OVERLAP_MS;
      await pause(overlapMs + (this.subscriptions.get(next)?.durationMs ?? 0));
    }
    // Looked at again: it may have been lost as soon as it was made.
    const isReady = next.state === 'connected';
    const loser = isReady && this.isWanted ? this.socket : next;
    if (loser !== next) {
      this.socket = next;
      this.earlierReconnects += loser.reconnects;
    }
    await loser.stop();
    this.subscriptions.delete(loser);
    this.next = undefined;
    if (!this.isWanted) return;
    this.replaceIn(isReady ? (this.options.connectionLifeMs ?? CONNECTION_LIFE_MS) : REPLACE_AGAIN_MS);
  }
}
