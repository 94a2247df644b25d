import type { CacheService } from '../../src/cache/cache.service';
import type { numbered } from '../workers/numbered';

const KEYS = 50;

/** A call as a request of the platform makes it. */
export interface MadeCall {
  /** Milliseconds. */
  readonly took: number;
  /** When it ended (milliseconds of this process's steady clock). */
  readonly endedAt: number;
}

/**
 * Many callers of one cache, each of which reads, loads, writes and deletes without a break.
 *
 * `stop` resolves once the last call of each is back, so a call that hangs shows.
 */
export class Callers {
  readonly calls: MadeCall[] = [];
  readonly failures: unknown[] = [];
  private stopped = false;
  private readonly ends: Promise<void>;

  constructor(
    private readonly cache: CacheService,
    private readonly namespace: typeof numbered,
    count: number,
  ) {
    this.ends = Promise.all(Array.from({ length: count }, (_, at) => this.run(at))).then(() => undefined);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.ends;
  }

  private async run(first: number): Promise<void> {
    for (let n = first; !this.stopped; n += 1) {
      const startedAt = performance.now();
      try {
        await this.call(`key-${n % KEYS}`, n);
      } catch (error) {
        this.failures.push(error);
      }
      const endedAt = performance.now();
      this.calls.push({ took: endedAt - startedAt, endedAt });
      // A request more is a turn of the event loop more.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private call(key: string, n: number): Promise<unknown> {
    if (n % 20 === 0) return this.cache.set(this.namespace, key, { key, n });
    if (n % 20 === 1) return this.cache.delete(this.namespace, key);
    if (n % 2 === 0) return this.cache.get(this.namespace, key);
    return this.cache.getOrSet(this.namespace, key, async () => ({ key, n }));
  }
}
