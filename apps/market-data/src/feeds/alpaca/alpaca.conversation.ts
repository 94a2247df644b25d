import type { FeedSink } from '../feed-sink';
import type { Conversation, SocketControl } from '../supervised-socket';
import { describeError, remedyFor } from './alpaca.errors';
import { type AlpacaMessage, type Fields, parseAlpacaFrame } from './alpaca.frames';
import type { AlpacaMinutes } from './alpaca.minutes';
import { normaliseQuote, normaliseTrade } from './alpaca.normaliser';
import type { AlpacaSubscription } from './alpaca.subscription';

/** What a conversation is about. */
export interface AlpacaTalk {
  readonly login: { readonly key: string; readonly secret: string };
  readonly subscription: AlpacaSubscription;
  readonly minutes: AlpacaMinutes;
  readonly sink: FeedSink;
  /** The vendor has let us in. */
  readonly admitted: () => void;
  /** The vendor has taken or refused every symbol. */
  readonly subscribed: () => void;
  /** The connection is gone. */
  readonly left: () => void;
  readonly now: () => number;
}

/** The vendor answers a message within a moment; longer than this it has not heard it (ms). */
const ANSWER_LIMIT_MS = 10_000;

/** One connection's talk with Alpaca: greeting, login, subscription one message after the other, then data. */
export class AlpacaConversation implements Conversation {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: SocketControl,
    private readonly talk: AlpacaTalk,
  ) {}

  /** The vendor speaks first. */
  opened(): void {}

  received(text: string): void {
    for (const message of parseAlpacaFrame(text)) this.take(message, text);
  }

  closed(): void {
    clearTimeout(this.timer);
    this.talk.left();
  }

  farewell(): readonly string[] {
    return [];
  }

  private take(message: AlpacaMessage, text: string): void {
    const { sink, subscription, login, minutes } = this.talk;
    switch (message.type) {
      case 'connected':
        this.socket.send(JSON.stringify({ action: 'auth', ...login }));
        break;
      case 'authenticated':
        this.socket.ready();
        minutes.begin(this.talk.now());
        sink.connectionStarted(subscription.requested);
        this.talk.admitted();
        this.ask(subscription.begin());
        break;
      case 'subscription':
        this.ask(subscription.accepted(message.trades));
        break;
      case 'error':
        this.takeError(message.code, message.message);
        break;
      case 'trade':
        this.takeTrade(message.fields);
        break;
      case 'quote':
        this.takeQuote(message.fields);
        break;
      case 'minute':
        this.takeMinute(message.fields);
        break;
      case 'amended':
        sink.ignore(message.kind);
        if (subscription.isWanted(message.symbol)) sink.tradesLost([message.symbol]);
        break;
      case 'other':
        sink.ignore(message.kind);
        break;
      case 'malformed':
        sink.reject('malformed', text);
    }
  }

  /** One message at a time: answers do not say which one they belong to. */
  private ask(symbols: readonly string[] | undefined): void {
    clearTimeout(this.timer);
    if (symbols === undefined) {
      this.talk.subscribed();
      return;
    }
    this.socket.send(
      JSON.stringify({
        action: 'subscribe',
        trades: symbols,
        quotes: symbols,
        bars: symbols,
      }),
    );
    this.timer = setTimeout(
      () => this.socket.retry('the vendor did not answer the subscription'),
      ANSWER_LIMIT_MS,
    );
    this.timer.unref();
  }

  private takeError(code: number | null, message: string): void {
    const complaint = describeError(code, message);
    switch (remedyFor(code)) {
      case 'give-up':
        this.socket.giveUp(complaint);
        break;
      case 'try-later':
        this.socket.retryLater(complaint);
        break;
      case 'try-again':
        this.socket.retry(complaint);
        break;
      case 'ask-for-fewer':
        this.ask(this.talk.subscription.exceeded());
        break;
      case 'tell':
        this.socket.note(complaint);
    }
  }

  private takeTrade(fields: Fields): void {
    const { sink, subscription, minutes, now } = this.talk;
    if (!subscription.isWanted(fields.S)) return sink.reject('unknown-symbol', JSON.stringify(fields));
    const update = normaliseTrade(fields.S, fields, now());
    if (update === undefined) return sink.reject('malformed', JSON.stringify(fields));
    if (update === null) return sink.ignore('official-price');
    minutes.count(update);
    sink.accept(update);
  }

  private takeQuote(fields: Fields): void {
    const { sink, subscription, now } = this.talk;
    if (!subscription.isWanted(fields.S)) return sink.reject('unknown-symbol', JSON.stringify(fields));
    const update = normaliseQuote(fields.S, fields, now());
    if (update === undefined) return sink.reject('malformed', JSON.stringify(fields));
    sink.accept(update);
  }

  private takeMinute(fields: Fields): void {
    const { sink, subscription, minutes } = this.talk;
    if (!subscription.isWanted(fields.S)) return sink.reject('unknown-symbol', JSON.stringify(fields));
    if (minutes.lacks(fields.S, fields)) sink.tradesLost([fields.S]);
    else sink.ignore('minute-bar');
  }
}
