import type { FeedSink } from '../feed-sink';
import type { Conversation, SocketControl } from '../supervised-socket';
import { parseTrueDataFrame, type TrueDataAnswer, type TrueDataFrame } from './truedata.frames';
import { normaliseQuote, normaliseTouchline, normaliseTrade } from './truedata.normaliser';
import type { VendorWord } from '../vendor-word';
import type { TrueDataGapFill } from './truedata.gap-fill';
import type { TrueDataSubscription } from './truedata.subscription';

/**
 * Refusals that waiting cannot cure. Any other wording ("User Already Connected" first of all, a session
 * not let go yet) is waited out, ever longer.
 */
const HOPELESS = /credential|password|expired|not subscribed|symbol limit/i;

/** How often the vendor is asked whether its markets are open (ms). */
const ASK_STATUS_MS = 60_000;

/** What a conversation is about. */
export interface TrueDataTalk {
  readonly subscription: TrueDataSubscription;
  readonly sink: FeedSink;
  readonly word: VendorWord;
  /** `null` without a history to fill gaps from. */
  readonly gapFill: TrueDataGapFill | null;
  readonly now: () => number;
}

/** One connection's talk with TrueData: login result, subscription, then data. */
export class TrueDataConversation implements Conversation {
  private loggedIn = false;

  private askedStatusAt = Number.NEGATIVE_INFINITY;
  private readonly subscription: TrueDataSubscription;
  private readonly sink: FeedSink;
  private readonly word: VendorWord;
  private readonly gapFill: TrueDataGapFill | null;
  private readonly now: () => number;

  constructor(
    private readonly socket: SocketControl,
    { subscription, sink, word, gapFill, now }: TrueDataTalk,
  ) {
    this.subscription = subscription;
    this.sink = sink;
    this.word = word;
    this.gapFill = gapFill;
    this.now = now;
  }

  /** Login data are in the address: the vendor speaks first. */
  opened(): void {}

  received(text: string): void {
    const frame = parseTrueDataFrame(text);
    if (frame.type === 'malformed') {
      this.sink.reject('malformed', text);
    } else if (!this.loggedIn) {
      this.takeLoginResult(frame);
    } else {
      this.takeData(frame, text);
    }
  }

  farewell(): readonly string[] {
    return [JSON.stringify({ method: 'logout' })];
  }

  private takeLoginResult(frame: TrueDataFrame): void {
    if (frame.type !== 'answer') return;
    // Wording is the vendor's to change; `success` decides.
    if (!frame.success) {
      this.takeRefusal(frame);
      return;
    }
    this.loggedIn = true;
    this.sink.connectionStarted(this.subscription.requested);
    this.gapFill?.connectionStarted();
    for (const symbols of this.subscription.begin(frame.maxSymbols ?? this.subscription.requested.length)) {
      this.socket.send(JSON.stringify({ method: 'addsymbol', symbols }));
    }
    this.askStatus();
    this.socket.ready();
  }

  private askStatus(): void {
    const now = this.now();
    if (now - this.askedStatusAt < ASK_STATUS_MS) return;
    this.askedStatusAt = now;
    this.socket.send(JSON.stringify({ method: 'getmarketstatus' }));
  }

  private takeRefusal(answer: TrueDataAnswer): void {
    if (!HOPELESS.test(answer.message)) {
      this.socket.retryLater(`login refused: ${answer.message}`);
      return;
    }
    this.socket.giveUp(
      `login refused: ${answer.message}. Check TRUEDATA_USER, TRUEDATA_PASSWORD and the subscription, ` +
        'then POST /api/v1/truedata/connect',
    );
  }

  private takeData(frame: TrueDataFrame, text: string): void {
    switch (frame.type) {
      case 'trade':
        this.takeTrade(frame.fields, text);
        break;
      case 'bidask':
        this.takeQuote(frame.fields, text);
        break;
      case 'symbols':
        for (const row of frame.rows) this.takeRow(row);
        for (const words of frame.texts) this.subscription.refuse(words);
        break;
      case 'other':
        this.sink.ignore(frame.kind);
        break;
      case 'answer':
        if (!frame.success) this.socket.note(`the vendor refused a command: ${frame.message}`);
        break;
      case 'marketstatus':
        this.word.hear(frame.text, this.now());
        break;
      case 'heartbeat':
        this.askStatus();
        break;
      case 'malformed':
        break;
    }
  }

  private takeTrade(fields: readonly unknown[], text: string): void {
    const symbol = this.subscription.symbolOf(fields[0]);
    if (symbol === undefined) return this.sink.reject('unknown-symbol', text);
    const update = normaliseTrade(symbol, fields, this.now());
    if (update === undefined) return this.sink.reject('malformed', text);
    this.sink.accept(update);
    this.gapFill?.see(update);
  }

  private takeQuote(fields: readonly unknown[], text: string): void {
    const symbol = this.subscription.symbolOf(fields[0]);
    if (symbol === undefined) return this.sink.reject('unknown-symbol', text);
    const update = normaliseQuote(symbol, fields, this.now());
    if (update === undefined) return this.sink.reject('malformed', text);
    this.sink.accept(update);
  }

  private takeRow(row: readonly unknown[]): void {
    const [name, id] = row;
    if (typeof name !== 'string' || name.trim() === '' || !isId(id)) {
      return this.sink.reject('malformed', JSON.stringify(row));
    }
    const symbol = this.subscription.requestedAs(name);
    // Nobody asked for it: the vendor's list is not what this platform watches.
    if (symbol === undefined) {
      return this.sink.reject('unknown-symbol', JSON.stringify(row));
    }
    this.subscription.learn(String(id), symbol);
    const update = normaliseTouchline(symbol, row, this.now());
    if (update === undefined) return this.sink.reject('malformed', JSON.stringify(row));
    this.sink.accept(update);
  }
}

function isId(field: unknown): field is string | number {
  return typeof field === 'string' || typeof field === 'number';
}
