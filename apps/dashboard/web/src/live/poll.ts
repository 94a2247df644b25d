/** An answer that is read again and again, and what is known about its age. */
export interface PollState<T> {
  /** The last good answer; it stays while later ones fail. */
  data: T | null;
  /** Why the newest reading failed; `null` after a good one. */
  error: string | null;
  /** True until the first answer or failure. */
  loading: boolean;
  /** When the last good answer came (ms since 1970, this computer's clock). */
  answeredAt: number | null;
  /** Whether `data` still describes the present: the newest reading succeeded, and not long ago. */
  current: boolean;
}

export const UNREAD: PollState<never> = {
  data: null,
  error: null,
  loading: true,
  answeredAt: null,
  current: false,
};

/** An answer may be this much older than the interval it is read in (ms) and still count as current. */
const GRACE_MS = 2_500;

/** After a failed reading the next one comes this soon (ms), twice as late each time, but never later than the interval. */
const RETRY_MS = 1_000;

/** A reading that takes longer is given up (ms). */
const LONGEST_READ_MS = 10_000;

interface PollOptions<T> {
  read: (signal: AbortSignal) => Promise<T>;
  intervalMs: number;
  onChange: (state: PollState<T>) => void;
  /** Nothing is read while this says no. */
  wanted: () => boolean;
}

/** Reads one thing every so often, one reading at a time, and says when its answer is no longer current. */
export class Poll<T> {
  private state: PollState<T>;
  private next: ReturnType<typeof setTimeout> | undefined;
  private ageing: ReturnType<typeof setTimeout> | undefined;
  /** Readings in a row that failed. */
  private failures = 0;
  private readonly stopped = new AbortController();

  constructor(
    private readonly options: PollOptions<T>,
    before: PollState<T> = UNREAD,
  ) {
    this.state = before;
  }

  start(): void {
    void this.turn();
  }

  stop(): void {
    this.stopped.abort();
    clearTimeout(this.next);
    clearTimeout(this.ageing);
  }

  private async turn(): Promise<void> {
    const startedAt = Date.now();
    if (this.options.wanted()) await this.readOnce();
    if (this.stopped.signal.aborted) return;
    const { intervalMs } = this.options;
    // A page read every few minutes must not stay without its first answer for so long.
    const pause =
      this.failures === 0 ? intervalMs : Math.min(intervalMs, RETRY_MS * 2 ** (this.failures - 1));
    const rest = Math.max(0, pause - (Date.now() - startedAt));
    this.next = setTimeout(() => void this.turn(), rest);
  }

  private async readOnce(): Promise<void> {
    const overdue = new AbortController();
    const limit = setTimeout(
      () => overdue.abort(new Error('The dashboard does not answer.')),
      LONGEST_READ_MS,
    );
    try {
      const signal = AbortSignal.any([this.stopped.signal, overdue.signal]);
      const data = await this.options.read(signal);
      this.failures = 0;
      this.change({ data, error: null, loading: false, answeredAt: Date.now(), current: true });
      clearTimeout(this.ageing);
      this.ageing = setTimeout(() => this.change({ current: false }), this.options.intervalMs + GRACE_MS);
    } catch (error) {
      this.failures += 1;
      const message = error instanceof Error ? error.message : String(error);
      this.change({ error: message, loading: false, current: false });
    } finally {
      clearTimeout(limit);
    }
  }

  private change(part: Partial<PollState<T>>): void {
    if (this.stopped.signal.aborted) return;
    this.state = { ...this.state, ...part };
    this.options.onChange(this.state);
  }
}
