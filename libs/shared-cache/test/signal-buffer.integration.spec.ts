import type { INestApplicationContext } from '@nestjs/common';
import type { Signal } from '@tickbridge/contracts';
import { RedisConnection } from '../src/connection/redis.connection';
import { keys } from '../src/contract/shared-cache.keys';
import { SignalArchive } from '../src/signal-buffer/signal-archive';
import { type BufferedSignal, SIGNAL_CAPACITY, SignalBuffer } from '../src/signal-buffer/signal-buffer';
import { type PrivateRedis, waitFor } from '../src/testing';
import { aSignal, sharedCache, startRedis } from './harness';

const archived: Signal[] = [];
let archiveIsAway = false;
class MemoryArchive extends SignalArchive {
  async newest(count: number): Promise<readonly Signal[]> {
    if (archiveIsAway) throw new Error('PostgreSQL is away');
    return archived.slice(-count);
  }
}

describe('SignalBuffer', () => {
  let redis: PrivateRedis;
  let writer: INestApplicationContext;
  let reader: INestApplicationContext;

  beforeEach(async () => {
    archived.length = 0;
    archiveIsAway = false;
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

  it('keeps the newest thousand with two writers, in the order of appending', async () => {
    const other = await sharedCache(redis.options, { signals: true });
    await waitFor(() => other.get(RedisConnection).available);
    const writers = [writer.get(SignalBuffer), other.get(SignalBuffer)] as const;
    for (let index = 0; index < 1_040; index += 1) {
      await writers[index % 2]?.append(aSignal({ symbol: `S${index}` }));
    }
    const all = await reader.get(SignalBuffer).recent({ count: SIGNAL_CAPACITY });
    expect(all.map(({ symbol }) => symbol)).toEqual(
      Array.from({ length: SIGNAL_CAPACITY }, (_, index) => `S${1_039 - index}`),
    );
    await other.close();
  });

  it('tells a subscriber of another process each new signal, in order', async () => {
    const heard: string[] = [];
    await writer.get(SignalBuffer).append(aSignal({ symbol: 'BEFORE' }));
    const subscription = reader
      .get(SignalBuffer)
      .subscribe()
      .subscribe(({ signal }) => heard.push(signal.symbol));
    // The first one heard may be any of these; from then on none is missing.
    await waitFor(async () => {
      await writer.get(SignalBuffer).append(aSignal({ symbol: 'PROBE' }));
      return heard.length > 0;
    });
    for (const symbol of ['A', 'B', 'C']) await writer.get(SignalBuffer).append(aSignal({ symbol }));
    await waitFor(() => heard.at(-1) === 'C');
    expect(heard).not.toContain('BEFORE');
    expect(heard.slice(-3)).toEqual(['A', 'B', 'C']);
    subscription.unsubscribe();
  });

  it('lets a subscriber resume where it stopped', async () => {
    const seen: BufferedSignal[] = [];
    const source = reader.get(SignalBuffer);
    const first = source.subscribe('0-0').subscribe((buffered) => seen.push(buffered));
    await writer.get(SignalBuffer).append(aSignal({ symbol: 'A' }));
    await waitFor(() => seen.length === 1);
    first.unsubscribe();
    for (const symbol of ['B', 'C']) await writer.get(SignalBuffer).append(aSignal({ symbol }));
    const second = source.subscribe(seen[0]?.position).subscribe((buffered) => seen.push(buffered));
    await waitFor(() => seen.length === 3);
    expect(seen.map(({ signal }) => signal.symbol)).toEqual(['A', 'B', 'C']);
    second.unsubscribe();
  });

  it('loses no signal to FLUSHALL, without waiting for the next one', async () => {
    for (const symbol of ['A', 'B', 'C']) await writer.get(SignalBuffer).append(aSignal({ symbol }));
    await redis.foreign.flushall();
    await waitFor(async () => (await reader.get(SignalBuffer).recent()).length === 3);
  });

  it('is still whole when a signal follows FLUSHALL', async () => {
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

  it('recalls earlier signals once the durable home answers, before those appended meanwhile', async () => {
    archiveIsAway = true;
    const restarted = await sharedCache(redis.options, { signals: MemoryArchive });
    await waitFor(() => restarted.get(RedisConnection).available);
    await restarted.get(SignalBuffer).append(aSignal({ symbol: 'NEW' }));
    archived.push(aSignal({ symbol: 'OLD', createdAt: new Date(Date.now() - 60_000).toISOString() }));
    archiveIsAway = false;
    await waitFor(async () => (await reader.get(SignalBuffer).recent()).length === 2);
    expect((await reader.get(SignalBuffer).recent()).map(({ symbol }) => symbol)).toEqual(['NEW', 'OLD']);
    await restarted.close();
  });

  it('passes over entries somebody else wrote', async () => {
    await redis.foreign.xadd(keys.signals, '*', 'signal', 'not json');
    await writer.get(SignalBuffer).append(aSignal());
    expect(await reader.get(SignalBuffer).recent()).toHaveLength(1);
  });
});
