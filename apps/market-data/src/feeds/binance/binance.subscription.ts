import { parseJsonObject, type FeedStatus } from '@tickbridge/contracts';

/**
 * The vendor closes a connection that sends more than five messages a second, pongs counted (code 1008, "Too many
 * requests"); one every 250 ms was too many for some clients, so it is two.
 */
const MESSAGE_PAUSE_MS = 500;

/** A message that is not answered within this time counts as refused (ms). */
const ANSWER_LIMIT_MS = 10_000;

interface Pending {
  readonly id: number;
  readonly streams: readonly string[];
  readonly timer: NodeJS.Timeout;
}

/** Subscribes one connection by messages, and knows what the vendor would not have. */
export class BinanceSubscription {
  private readonly refused = new Map<string, string>();
  private readonly queue: (readonly string[])[];
  private pending: Pending[] = [];
  private timer: NodeJS.Timeout | undefined;
  private lastId = 0;

  /** @param messages streams of each message */
  constructor(
    messages: readonly (readonly string[])[],
    private readonly send: (text: string) => void,
    private readonly pauseMs = MESSAGE_PAUSE_MS,
    private readonly answerLimitMs = ANSWER_LIMIT_MS,
  ) {
    this.queue = [...messages];
  }

  /** How long it takes to send them all (ms). */
  get durationMs(): number {
    return this.queue.length * this.pauseMs;
  }

  /** The connection stands. */
  begin(): void {
    this.sendNext();
  }

  /** The connection is gone: nothing more is sent, and no answer is waited for. */
  end(): void {
    clearTimeout(this.timer);
    for (const { timer } of this.pending) clearTimeout(timer);
    this.pending = [];
    this.queue.length = 0;
  }

  /**
   * The vendor has answered.
   *
   * @param id number of the message, if the answer names it; else it is the oldest one's
   * @param error `null` when it did as asked
   */
  answered(id: unknown, error: string | null): void {
    const message = this.pending.find((candidate) => candidate.id === id) ?? this.pending[0];
    if (message === undefined) return;
    this.settle(message);
    if (error !== null) this.split(message.streams, error);
  }

  /** Data came: whatever was thought of this symbol, it is subscribed. */
  delivered(symbol: string): void {
    if (this.refused.size > 0) this.refused.delete(symbol);
  }

  isRefused(symbol: string): boolean {
    return this.refused.has(symbol);
  }

  /** Symbols that could not be subscribed, with the vendor's answer. */
  refusals(): FeedStatus['symbolsRefused'] {
    return [...this.refused].map(([symbol, reason]) => ({ symbol, reason }));
  }

  private sendNext(): void {
    const streams = this.queue.shift();
    if (streams === undefined) {
      this.timer = undefined;
      return;
    }
    const id = ++this.lastId;
    const timer = setTimeout(() => this.unanswered(id), this.answerLimitMs);
    timer.unref();
    this.pending.push({ id, streams, timer });
    this.send(JSON.stringify({ method: 'SUBSCRIBE', params: streams, id }));
    this.timer = setTimeout(() => this.sendNext(), this.pauseMs);
    this.timer.unref();
  }

  private unanswered(id: number): void {
    const message = this.pending.find((candidate) => candidate.id === id);
    if (message === undefined) return;
    this.settle(message);
    this.refuse(message.streams, 'the vendor did not answer the subscription');
  }

  private settle(message: Pending): void {
    clearTimeout(message.timer);
    this.pending = this.pending.filter((candidate) => candidate !== message);
  }

  /** One bad name costs the whole message: its halves are asked for again, until the name stands alone. */
  private split(streams: readonly string[], error: string): void {
    const symbols = [...new Set(streams.map(symbolOf))];
    if (symbols.length <= 1) {
      this.refuse(streams, `the vendor refused it: ${error}`);
      return;
    }
    const first = new Set(symbols.slice(0, symbols.length >> 1));
    this.queue.push(
      streams.filter((stream) => first.has(symbolOf(stream))),
      streams.filter((stream) => !first.has(symbolOf(stream))),
    );
    if (this.timer === undefined) this.sendNext();
  }

  private refuse(streams: readonly string[], reason: string): void {
    for (const stream of streams) this.refused.set(symbolOf(stream), reason);
  }
}

function symbolOf(stream: string): string {
  return (stream.split('@')[0] ?? stream).toUpperCase();
}

/** Number of the message an answer belongs to; `undefined` where it names none. */
export function answeredId(text: string): unknown {
  return parseJsonObject(text)?.id;
}
