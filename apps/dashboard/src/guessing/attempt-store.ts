import { Injectable } from '@nestjs/common';
import { Database } from '@tickbridge/database';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

const DAY_S = 86_400;

/** Counts attempts in PostgreSQL, for all instances and over restarts; in memory while that is away. */
@Injectable()
export class AttemptStore {
  private readonly failures: RateLimiterPostgres;
  private readonly windows: RateLimiterPostgres;

  constructor(database: Database) {
    const common = {
      storeClient: { query: database.query.bind(database) },
      storeType: 'client',
      schemaName: 'identity',
      tableName: 'rate_limits',
      tableCreated: true,
    };
    this.failures = new RateLimiterPostgres({
      ...common,
      keyPrefix: 'failed',
      points: Number.MAX_SAFE_INTEGER,
      duration: DAY_S,
      insuranceLimiter: new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: DAY_S }),
    });
    this.windows = new RateLimiterPostgres({
      ...common,
      keyPrefix: 'wait',
      points: 1,
      duration: 1,
      insuranceLimiter: new RateLimiterMemory({ points: 1, duration: 1 }),
    });
  }

  /** Counts one more attempt. @returns how many there were within a day */
  async add(key: string): Promise<number> {
    return (await this.failures.penalty(key, 1)).consumedPoints;
  }

  async takeBack(key: string): Promise<void> {
    await this.failures.reward(key, 1);
  }

  async count(key: string): Promise<number> {
    return (await this.failures.get(key))?.consumedPoints ?? 0;
  }

  /** Forgets the attempts and the wait. */
  async forget(key: string): Promise<void> {
    await Promise.all([this.failures.delete(key), this.windows.delete(key)]);
  }

  async forgetWait(key: string): Promise<void> {
    await this.windows.delete(key);
  }

  /**
   * Lets one caller through and makes every other wait.
   *
   * @returns 0 for whoever goes through; else how long to wait (ms)
   */
  async passOrWait(key: string, waitS: number): Promise<number> {
    try {
      await this.windows.consume(key, 1, { customDuration: waitS });
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
      throw refusal;
    }
  }
}
