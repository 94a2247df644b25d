import type { FeedSink } from '../feed-sink';
import type { Conversation, SocketControl } from '../supervised-socket';
import { parseBinanceFrame } from './binance.frames';
import { normaliseBinance } from './binance.normaliser';

/** One connection to a combined stream; what to subscribe to stands in its address. */
export class BinanceConversation implements Conversation {
  constructor(
    private readonly socket: SocketControl,
    private readonly symbols: ReadonlySet<string>,
    private readonly sink: FeedSink,
    private readonly now: () => number,
  ) {}

  opened(): void {
    this.sink.connectionStarted();
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
        break;
      case 'shutdown':
        this.socket.retry('the vendor is about to shut this server down');
        break;
      default: {
        const update = normaliseBinance(frame, this.now());
        if (update === undefined) this.sink.reject('malformed', text);
        else if (!this.symbols.has(update.symbol)) this.sink.reject('unknown-symbol', text);
        else this.sink.accept(update);
      }
    }
  }

  farewell(): readonly string[] {
    return [];
  }
}
