import { decodeFrame, keys, LiveMarketPublisher, RedisConnection } from '@tickbridge/shared-cache';
import { PrivateRedis, waitFor } from '@tickbridge/shared-cache/testing';
import type { Redis } from 'ioredis';
import { requiredVariable } from '../../test/service-process';
import { tick } from '../testing/updates';
import { LeaseTerm } from './lease-term';

describe('publishing under a lease', () => {
  let server: PrivateRedis;
  let redis: RedisConnection;
  let publisher: LiveMarketPublisher;
  let term: LeaseTerm;
  let now: number;
  let listener: Redis;
  const heard: string[] = [];

  beforeAll(async () => {
    server = await PrivateRedis.start(requiredVariable('TEST_REDIS_PROGRAM'));
    listener = server.foreign.duplicate().on('error', () => undefined);
    listener.on('messageBuffer', (_channel: Buffer, data: Buffer) =>
      heard.push(decodeFrame(data)?.epoch ?? '?'),
    );
    await listener.subscribe(keys.ticks('truedata'));
  });

  beforeEach(async () => {
    now = 0;
    term = new LeaseTerm(() => now);
    redis = new RedisConnection({ value: { service: 'test', redis: server.options } });
    publisher = new LiveMarketPublisher('truedata', redis, { permit: term });
    redis.onModuleInit();
    publisher.start();
    await waitFor(() => redis.available);
    await server.foreign.flushall();
    heard.length = 0;
  });

  afterEach(async () => {
    await publisher.stop();
    await redis.onApplicationShutdown();
  });

  afterAll(async () => {
    listener.disconnect();
    await server.stop();
  });

  it('says nothing before its term and after it, not even that it lives', async () => {
    publisher.publish(tick());
    const silentUntil = performance.now() + 1_200;
    await waitFor(() => performance.now() > silentUntil);
    expect([heard.length, publisher.status().sequence]).toEqual([0, 0]);

    term.begin(1, 1_000);
    await waitFor(() => heard.length > 0);
    now = 1_000;
    const { sequence } = publisher.status();
    const told = heard.length;
    publisher.publish(tick({ sequence: 2 }));
    const quietUntil = performance.now() + 1_200;
    await waitFor(() => performance.now() > quietUntil);
    expect(publisher.status().sequence).toBe(sequence);
    expect(heard.length).toBeLessThanOrEqual(told + 1);
  });

  it('is refused by Redis once a later holder was there, although its own term lasts', async () => {
    term.begin(5, Number.POSITIVE_INFINITY);
    publisher.publish(tick());
    await waitFor(() => publisher.status().framesToRedis > 0);
    await server.foreign.hset(keys.liveMeta('truedata'), 'fence', 6);
    await server.foreign.del(keys.liveCache('truedata'));
    const told = heard.length;
    publisher.publish(tick({ sequence: 2 }));
    await waitFor(() => publisher.status().framesRefused > 1);
    expect(heard).toHaveLength(told);
    expect(await server.foreign.exists(keys.liveCache('truedata'))).toBe(0);
  });

  it('begins each term with a new epoch, and keeps nothing of the last one', async () => {
    term.begin(5, Number.POSITIVE_INFINITY);
    publisher.publish(tick());
    publisher.publish(tick({ symbol: 'ITC' }));
    await waitFor(async () => (await server.foreign.hlen(keys.liveCache('truedata'))) === 2);
    const { epoch } = publisher;
    term.begin(7, Number.POSITIVE_INFINITY);
    publisher.beginEpoch();
    expect(publisher.epoch).not.toBe(epoch);
    expect(publisher.snapshot()).toMatchObject({ sequence: 0, barSequence: 0, ticks: [] });
    publisher.publish(tick({ symbol: 'TCS' }));
    await waitFor(async () => (await server.foreign.hkeys(keys.liveCache('truedata'))).join() === 'TCS');
    expect(await server.foreign.hget(keys.liveMeta('truedata'), 'fence')).toBe('7');
  });

  it('writes markets larger than a script may take at once', async () => {
    term.begin(1, Number.POSITIVE_INFINITY);
    for (let index = 0; index < 5_000; index++) publisher.publish(tick({ symbol: `S${index}` }));
    await waitFor(async () => (await server.foreign.hlen(keys.liveCache('truedata'))) === 5_000);
  });
});
