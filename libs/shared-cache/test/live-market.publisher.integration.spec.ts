import { Subject } from 'rxjs';
import type { RedisConnection } from '../src/connection/redis.connection';
import { LiveMarketPublisher } from '../src/live-market-data/live-market.publisher';
import { waitFor } from '../src/testing';
import { aTick } from './harness';

/** Where the script's arguments say that the hash is written anew. */
const WHOLE = 3;

/** A Redis that answers a flush when the test says so. */
class SlowRedis {
  readonly available = true;
  readonly available$ = new Subject<boolean>();
  readonly installation = 'one';
  readonly flushes: unknown[][] = [];
  private readonly waiting: ((added: number) => void)[] = [];

  channel(name: string): string {
    return name;
  }

  run(operation: (redis: object) => Promise<number>): Promise<number> {
    return operation({
      flushFrame: (...args: unknown[]) => {
        this.flushes.push(args);
        return new Promise((resolve) => this.waiting.push(resolve));
      },
    });
  }

  answer(added: number): void {
    this.waiting.shift()?.(added);
  }

  async flushed(count: number): Promise<unknown> {
    await waitFor(() => this.flushes.length === count);
    return this.flushes[count - 1]?.[WHOLE];
  }
}

describe('the publisher of live market data', () => {
  it('writes the hash anew when Redis came back, empty perhaps, while a flush was on its way', async () => {
    const redis = new SlowRedis();
    const publisher = new LiveMarketPublisher('simulator', redis as unknown as RedisConnection);
    publisher.start();
    publisher.publish(aTick({ symbol: 'A', sequence: 1 }));
    expect(await redis.flushed(1)).toBe('1');
    redis.answer(1);
    publisher.publish(aTick({ symbol: 'B', sequence: 2 }));
    expect(await redis.flushed(2)).toBe('0');
    redis.available$.next(true);
    redis.answer(1);
    expect(await redis.flushed(3)).toBe('1');
    redis.answer(2);
    await publisher.stop();
  });
});
