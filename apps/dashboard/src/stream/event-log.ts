import { randomBytes } from 'node:crypto';

/** Events kept for browsers that come back. */
const KEPT = 1_000;

interface Kept {
  readonly number: number;
  readonly text: string;
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

  /** Keeps an event. @returns its text with its id */
  add(text: string): string {
    this.last += 1;
    const numbered = `id: ${this.mark}-${this.last}\n${text}`;
    this.kept.push({ number: this.last, text: numbered });
    if (this.kept.length > KEPT) this.kept.shift();
    return numbered;
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
