import { setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { isDatabaseUnavailable, rootMessage } from '@tickbridge/database';
import type { CandleRepository } from './candle.repository';
import { CANDLE_INTERVALS, CANDLE_POLICY } from './candle.policy';

/** How often what is too old is looked for (ms). */
const ROUND_MS = 600_000;
/** Candles deleted at once, and the pause after them (ms): others write at the same time. */
const CHUNK = 5_000;
const PAUSE_MS = 100;

/** Deletes candles that are older than their interval's policy, in small pieces. */
export class CandleRetention {
  private readonly log = new Logger(CandleRetention.name);
  private readonly stopped = new AbortController();
  private deleted = 0;

  /**
   * @param repository `null` without PostgreSQL: nothing to do
   * @param exchangeTime ages count from it (ms since 1970), so a recorded day does not vanish as it is stored;
   *   `null` while this instance has nothing to go by
   */
  constructor(
    private readonly repository: CandleRepository | null,
    private readonly exchangeTime: () => number | null,
  ) {}

  /** Candles deleted since the start. */
  get deletedCandles(): number {
    return this.deleted;
  }

  start(): void {
    if (this.repository !== null) void this.run();
  }

  stop(): void {
    this.stopped.abort();
  }

  /** One round over all intervals. @throws when PostgreSQL cannot be asked */
  async sweep(): Promise<void> {
    const exchangeTime = this.exchangeTime();
    if (this.repository === null || exchangeTime === null) return;
    for (const interval of CANDLE_INTERVALS) {
      const { keepMs } = CANDLE_POLICY[interval];
      if (keepMs === null) continue;
      for (;;) {
        const count = await this.repository.deleteBefore(interval, exchangeTime - keepMs, CHUNK);
        this.deleted += count;
        if (count < CHUNK) break;
        await this.pause(PAUSE_MS);
      }
    }
  }

  private async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      try {
        await this.pause(ROUND_MS);
        await this.sweep();
      } catch (error) {
        if (this.stopped.signal.aborted) return;
        const how = isDatabaseUnavailable(error) ? 'later' : 'not';
        this.log.warn(`old candles are ${how} deleted: ${rootMessage(error)}`);
      }
    }
  }

  private pause(ms: number): Promise<void> {
    return setTimeout(ms, undefined, { signal: this.stopped.signal, ref: false });
  }
}
