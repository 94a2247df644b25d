import { randomBytes } from 'node:crypto';

/** Events kept for browsers that come back. */
const MAX_EVENTS = 1_000;

/** An event as people who missed it get it. */
export interface LoggedEvent {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
}

interface Kept {
  readonly number: number;
  readonly text: string;
  readonly event: LoggedEvent;
}

/**
 * The newest events with their ids, so that a browser whose connection broke gets what it missed.
 *
 * An id is this process's mark and a number; another process's ids say nothing here.
 */
export class EventLog {
  private readonly mark = randomBytes(4).toString('hex');
  private readonly kept: Kept[] = [];
  private last = 0;

  /** Keeps an event. @param text it as the stream writes it @returns that text with its id */
  add(name: string, data: unknown, text: string): string {
    this.last += 1;
    const id = `${this.mark}-${this.last}`;
    const numbered = `id: ${id}\n${text}`;
    this.kept.push({ number: this.last, text: numbered, event: { id, name, data } });
    if (this.kept.length > MAX_EVENTS) this.kept.shift();
    return numbered;
  }

  /** Id of the newest event; `null` before the first. */
  get lastId(): string | null {
    return this.last === 0 ? null : `${this.mark}-${this.last}`;
  }

  /** The newest events, oldest first. */
  newest(count: number): readonly LoggedEvent[] {
    return count === 0 ? [] : this.kept.slice(-count).map(({ event }) => event);
  }

  /**
   * What came after an id.
   *
   * @returns `undefined` when that cannot be told: the id is another process's, or too old
   */
  after(id: string): readonly string[] | undefined {
    const [mark, number] = id.split('-');
    const seen = Number(number);
    if (mark !== this.mark || !Number.isInteger(seen) || seen > this.last) return undefined;
    if (seen < this.last - this.kept.length) return undefined;
    return this.kept.filter((event) => event.number > seen).map(({ text }) => text);
  }
}
