import type { LiveQuote } from '@tickbridge/contracts';

/** Events a slow client may fall behind; beyond it the client is told to read the lists anew. */
const MAX_QUEUED_EVENTS = 200;

/** What a client writes to: the part of Node's response it needs. */
export interface StreamOutput {
  write(text: string): unknown;
  end(): unknown;
  readonly writableNeedDrain: boolean;
}

/**
 * One browser on the live stream, with a bounded buffer.
 *
 * Prices are conflated: a slow client gets the newest price of each symbol when it can take more, not every
 * price there was. Other events queue up to a limit.
 */
export class StreamClient {
  private readonly waitingQuotes = new Map<string, LiveQuote>();
  private readonly waitingEvents: string[] = [];
  private missedEvents = false;

  constructor(
    private readonly output: StreamOutput,
    /** Session (hash of its id) or key (`key:<id>`) the stream was opened with; `null` for the internal key. */
    readonly owner: string | null,
  ) {}

  /** The socket still holds what was written before. */
  get slow(): boolean {
    return this.output.writableNeedDrain;
  }

  /** Symbols and events held back for this client. */
  get backlog(): number {
    return this.waitingQuotes.size + this.waitingEvents.length;
  }

  /**
   * Sends changed prices, or keeps the newest for later.
   *
   * @param ready the same prices as an event, made once for all clients that keep up
   */
  sendQuotes(quotes: readonly LiveQuote[], ready: string, format: (quotes: LiveQuote[]) => string): void {
    if (this.slow) {
      for (const quote of quotes) this.waitingQuotes.set(quote.symbol, quote);
      return;
    }
    this.flushEvents();
    if (this.waitingQuotes.size === 0) {
      if (quotes.length > 0) this.output.write(ready);
      return;
    }
    for (const quote of quotes) this.waitingQuotes.set(quote.symbol, quote);
    const merged = [...this.waitingQuotes.values()];
    this.waitingQuotes.clear();
    this.output.write(format(merged));
  }

  /** Sends an event, or queues it. */
  sendEvent(event: string): void {
    if (!this.slow && this.waitingEvents.length === 0) {
      this.output.write(event);
      return;
    }
    if (this.waitingEvents.length < MAX_QUEUED_EVENTS) this.waitingEvents.push(event);
    else this.missedEvents = true;
  }

  close(): void {
    this.output.end();
  }

  private flushEvents(): void {
    if (this.missedEvents) {
      this.missedEvents = false;
      this.waitingEvents.length = 0;
      this.output.write(formatEvent('resync', { reason: 'this client was too slow for some events' }));
      return;
    }
    for (const event of this.waitingEvents.splice(0)) this.output.write(event);
  }
}

/** Text of a server-sent event. */
export function formatEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
