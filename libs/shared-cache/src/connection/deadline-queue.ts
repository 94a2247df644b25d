import { RedisDeadlineError } from '../contract/shared-cache.errors';

interface Wait {
  readonly endsAt: number;
  open: boolean;
  giveUp(error: Error): void;
}

/**
 * Ends waits that last too long. All waits of one queue are equally long, so one timer serves them in their order:
 * a wait that ends in time costs no timer of its own.
 */
export class DeadlineQueue {
  private waits: Wait[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** @param deadlineMs longest wait (milliseconds) */
  constructor(private readonly deadlineMs: number) {}

  /**
   * Waits for `work`; after the deadline the work itself goes on and its late outcome is dropped.
   *
   * @throws RedisDeadlineError after the deadline
   */
  wait<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const wait: Wait = { endsAt: performance.now() + this.deadlineMs, open: true, giveUp: reject };
      this.waits.push(wait);
      this.timer ??= setTimeout(this.check, this.deadlineMs);
      work.then(
        (outcome) => {
          wait.open = false;
          resolve(outcome);
        },
        (error: unknown) => {
          wait.open = false;
          reject(error);
        },
      );
    });
  }

  // An answer that waits in the socket while this process was busy still counts: it is read before this runs.
  private readonly check = (): void => void setImmediate(this.endOverdue);

  private readonly endOverdue = (): void => {
    const now = performance.now();
    this.waits = this.waits.filter(({ open }) => open);
    const overdue = this.waits.findIndex(({ endsAt }) => endsAt > now);
    const ended = this.waits.splice(0, overdue < 0 ? this.waits.length : overdue);
    const [next] = this.waits;
    this.timer = next && setTimeout(this.check, next.endsAt - now);
    for (const wait of ended) {
      wait.open = false;
      wait.giveUp(new RedisDeadlineError(`Redis did not answer within ${this.deadlineMs} ms`));
    }
  };
}
