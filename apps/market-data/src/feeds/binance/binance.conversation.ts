import type { FeedSink } from '../feed-sink';
import type { MarketUpdate } from '../../ticks/market-update';
import type { Conversation, SocketControl } from '../supervised-socket';
import { parseBinanceFrame } from './binance.frames';
import { normaliseBinance } from './binance.normaliser';
import { answeredId } from './binance.subscription';

/** What one connection tells the feed it belongs to. */
export interface BinanceListener {
  /** It stands: what comes now is of a connection that has just begun. */
  opened?(): void;
  /** It is gone. */
  closed?(): void;
  /** The vendor answered a message: its number, where the answer names it, and the vendor's complaint. */
  replied?(id: unknown, error: string | null): void;
  update(update: MarketUpdate): void;
  /** The vendor is about to close this connection. */
  closing(): void;
}

/** One connection to a combined stream: what comes over it, told apart. */
export class BinanceConversation implements Conversation {
  constructor(
    private readonly socket: SocketControl,
    private readonly symbols: ReadonlySet<string>,
    private readonly sink: FeedSink,
    private readonly feed: BinanceListener,
    private readonly now: () => number,
  ) {}

  opened(): void {
    this.feed.opened?.();
    this.socket.ready();
  }

  received(text: string): void {
    const frame = parseBinanceFrame(text);
    switch (frame.type) {
      case 'malformed':
        this.sink.reject('malformed', text);
        break;
      case 'other':
        this.sink.ignore(frame.kind);
        break;
      case 'reply':
        if (frame.error !== null) this.socket.note(`the vendor refused a command: ${frame.error}`);
        this.feed.replied?.(answeredId(text), frame.error);
        break;
      case 'shutdown':
        this.feed.closing();
        break;
      case 'trade':
      case 'bookTicker':
      case 'miniTicker': {
        const update = normaliseBinance(frame, this.now());
        if (update === undefined) this.sink.reject('malformed', text);
        else if (!this.symbols.has(update.symbol)) this.sink.reject('unknown-symbol', text);
        else this.feed.update(update);
      }
    }
  }

  closed(): void {
    this.feed.closed?.();
  }

  farewell(): readonly string[] {
    return [];
  }
}
