/** Runs tasks one after the other, each whatever became of those before it. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** Tasks that are not done. */
  get length(): number {
    return this.waiting;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    const result = this.last.then(task, task).finally(() => (this.waiting -= 1));
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything that was queued up to now is done. */
  async idle(): Promise<void> {
    await this.last;
  }
}
