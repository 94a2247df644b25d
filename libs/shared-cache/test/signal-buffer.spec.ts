import type { INestApplicationContext } from '@nestjs/common';
import type { Signal } from '@tickbridge/contracts';
import { RedisConnection } from '../src/connection/redis.connection';
import { keys } from '../src/shared-cache.keys';
import { SignalArchive } from '../src/signal-buffer/signal-archive';
import { SIGNAL_CAPACITY, SignalBuffer } from '../src/signal-buffer/signal-buffer';
import { type PrivateRedis, waitFor } from '../src/testing';
import { aSignal, sharedCache, startRedis } from './harness';

const archived: Signal[] = [];
class MemoryArchive extends SignalArchive {
  async newest(count: number): Promise<readonly Signal[]> {
    return archived.slice(-count);
  }
}

describe('SignalBuffer', () => {
  let redis: PrivateRedis;
  let writer: INestApplicationContext;
  let reader: INestApplicationContext;

  beforeEach(async () => {
    archived.length = 0;
    redis = await startRedis();
    writer = await sharedCache(redis.options, { signals: MemoryArchive });
    reader = await sharedCache(redis.options, { signals: true });
    await waitFor(() => [writer, reader].every((context) => context.get(RedisConnection).available));
  });

  afterEach(async () => {
    await Promise.all([writer.close(), reader.close()]);
    await redis.stop();
  });

  it('shows another process the newest signals first', async () => {
    const signals = [aSignal({ symbol: 'A' }), aSignal({ symbol: 'B' }), aSignal({ symbol: 'C' })];
    for (const signal of signals) await writer.get(SignalBuffer).append(signal);
    const found = await reader.get(SignalBuffer).recent({ count: 2 });
    expect(found.map(({ symbol }) => symbol)).toEqual(['C', 'B']);
    expect(found[0]).toEqual(signals[2]);
  });

  it('keeps exactly the newest thousand', async () => {
    const buffer = writer.get(SignalBuffer);
    for (let index = 0; index < SIGNAL_CAPACITY + 25; index += 1) {
      await buffer.append(aSignal({ symbol: `S${index}` }));
    }
    expect(await redis.foreign.xlen(keys.signals)).toBe(SIGNAL_CAPACITY);
    expect(await redis.foreign.hlen(keys.signalIds)).toBe(SIGNAL_CAPACITY);
    const all = await reader.get(SignalBuffer).recent({ count: 5_000 });
    expect(all).toHaveLength(SIGNAL_CAPACITY);
    expect(all.at(-1)?.symbol).toBe('S25');
  });

  it('holds a signal once, whoever appends it', async () => {
    const signal = aSignal();
    expect(await writer.get(SignalBuffer).append(signal)).toBe(true);
    expect(await writer.get(SignalBuffer).append(signal)).toBe(false);
    await reader.get(SignalBuffer).append(signal);
    expect(await redis.foreign.xlen(keys.signals)).toBe(1);
  });

  it('selects by symbol, strategy and time', async () => {
    const buffer = writer.get(SignalBuffer);
    const old = new Date(Date.now() - 3_600_000).toISOString();
    await buffer.append(aSignal({ symbol: 'A', createdAt: old }));
    await buffer.append(aSignal({ symbol: 'A', strategy: 'mean-reversion' }));
    await buffer.append(aSignal({ symbol: 'B' }));
    expect(await buffer.recent({ symbol: 'A' })).toHaveLength(2);
    expect(await buffer.recent({ strategy: 'mean-reversion' })).toHaveLength(1);
    expect(await buffer.recent({ since: Date.now() - 60_000 })).toHaveLength(2);
    expect(await buffer.stats()).toMatchObject({ total: 3, bySymbol: { A: 2, B: 1 }, byAction: { BUY: 3 } });
  });

  it('leaves out signals older than a day', async () => {
    const buffer = writer.get(SignalBuffer);
    await buffer.append(aSignal({ createdAt: new Date(Date.now() - 86_400_001).toISOString() }));
    expect(await buffer.recent()).toEqual([]);
  });

  it('loses no signal to FLUSHALL', async () => {
    const buffer = writer.get(SignalBuffer);
    for (const symbol of ['A', 'B', 'C']) await buffer.append(aSignal({ symbol }));
    await redis.foreign.flushall();
    expect(await buffer.recent()).toHaveLength(3);
    await buffer.append(aSignal({ symbol: 'D' }));
    await waitFor(async () => (await reader.get(SignalBuffer).recent()).length === 4);
  });

  it('goes on while Redis is down and refills it afterwards', async () => {
    const buffer = writer.get(SignalBuffer);
    await buffer.append(aSignal({ symbol: 'A' }));
    await redis.kill();
    await waitFor(() => !writer.get(RedisConnection).available);
    await buffer.append(aSignal({ symbol: 'B' }));
    expect((await buffer.recent()).map(({ symbol }) => symbol)).toEqual(['B', 'A']);
    await redis.start();
    await waitFor(async () => (await redis.foreign.xlen(keys.signals)) === 2, { timeoutMs: 5_000 });
  });

  it('starts from the durable home after a restart', async () => {
    archived.push(aSignal({ symbol: 'OLD' }));
    const restarted = await sharedCache(redis.options, { signals: MemoryArchive });
    await waitFor(async () => (await restarted.get(SignalBuffer).recent()).length === 1);
    await restarted.close();
  });

  it('passes over entries somebody else wrote', async () => {
    await redis.foreign.xadd(keys.signals, '*', 'signal', 'not json');
    await writer.get(SignalBuffer).append(aSignal());
    expect(await reader.get(SignalBuffer).recent()).toHaveLength(1);
  });
});
