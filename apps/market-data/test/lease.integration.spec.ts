import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MarketDataAnswer, TickJson } from '@tickbridge/contracts';
import { createTestDatabase, type TestDatabase } from '@tickbridge/database';
import { decodeFrame } from '@tickbridge/shared-cache';
import { FaultProxy, PrivateRedis, waitFor } from '@tickbridge/shared-cache/testing';
import type { Redis } from 'ioredis';
import { requiredVariable, ServiceProcess } from './service-process';

interface Vendor {
  trueData: { sessions: { user: string }[]; refusedLogins: number };
}

/** Frames as any reader hears them. */
class Listener {
  readonly heard: { epoch: string; at: number }[] = [];
  private readonly client: Redis;

  constructor(redis: PrivateRedis) {
    this.client = redis.foreign.duplicate();
    this.client.on('error', () => undefined);
    this.client.on('messageBuffer', (_channel: Buffer, data: Buffer) => {
      const frame = decodeFrame(data);
      if (frame) this.heard.push({ epoch: frame.epoch, at: performance.now() });
    });
  }

  async listen(): Promise<void> {
    await this.client.subscribe('simulator:ticks');
  }

  /** Publishers heard since a time, in the order they were first heard. */
  epochsSince(at: number): string[] {
    return [...new Set(this.heard.filter((frame) => frame.at >= at).map(({ epoch }) => epoch))];
  }

  close(): void {
    this.client.disconnect();
  }
}

describe('two instances of market-data and one vendor login', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lease-'));
  let redis: PrivateRedis;
  let database: TestDatabase;
  /** All instances reach PostgreSQL over it. */
  let wire: FaultProxy;
  let detour: URL;
  let simulator: ServiceProcess;
  let listener: Listener;
  let running: ServiceProcess[] = [];

  const startInstance = async () => {
    const instance = await ServiceProcess.start('market-data', {
      DATA_DIR: directory,
      FEED: 'simulator',
      FEED_SYMBOLS: 'RELIANCE,ITC,TCS,INFY',
      SIMULATOR_PORT: simulator.port,
      REDIS_URL: redis.url,
      DATABASE_URL: detour.href,
    });
    running.push(instance);
    return instance;
  };
  const sessions = async () => (await simulator.get<Vendor>('/api/v1/simulator/status')).trueData;
  const flows = (instance: ServiceProcess) =>
    waitFor(async () => (await instance.status()).dataFlowing, { timeoutMs: 20_000, everyMs: 25 });
  const report = (what: string, ms: number) => process.stderr.write(`    ${what}: ${Math.round(ms)} ms\n`);

  /** One that holds the login and one that waits. */
  const startPair = async () => {
    const holder = await startInstance();
    await flows(holder);
    const waiting = await startInstance();
    await waitFor(async () => (await waiting.status()).leaseHolder !== null);
    return { holder, waiting };
  };

  beforeAll(async () => {
    redis = await PrivateRedis.start(requiredVariable('TEST_REDIS_PROGRAM'));
    database = await createTestDatabase(requiredVariable('TEST_DATABASE_URL'));
    wire = await FaultProxy.to(Number(new URL(database.url).port));
    detour = new URL(database.url);
    detour.port = String(wire.port);
    simulator = await ServiceProcess.start('feed-simulator', {
      DATA_DIR: directory,
      SIMULATOR_TICKS_PER_SECOND: '400',
      SIMULATOR_HEARTBEAT_MS: '500',
    });
    listener = new Listener(redis);
    await listener.listen();
  }, 90_000);

  afterEach(async () => {
    await Promise.all(
      running.map((instance) => {
        instance.resume();
        return instance.kill();
      }),
    );
    running = [];
  }, 30_000);

  afterAll(async () => {
    listener.close();
    await simulator.stop();
    await redis.stop();
    await wire.close();
    await database.drop();
    rmSync(directory, { recursive: true });
  });

  it('one is connected; the other is ready, says whom it waits for and takes no commands', async () => {
    const { holder, waiting } = await startPair();
    const [mine, its] = await Promise.all([holder.status(), waiting.status()]);
    expect(mine).toMatchObject({ connected: true, lease: { state: 'held', holder: mine.lease.instance } });
    expect(mine.lease.answering.sort()).toEqual(['postgresql', 'redis']);
    expect(its).toMatchObject({
      connected: false,
      state: 'waiting',
      leaseHolder: mine.lease.instance,
      lastError: `waiting for the feed's lease held by ${mine.lease.instance}`,
    });
    const { dependencies, status } = await waiting.readiness();
    expect(status).toBe('degraded');
    expect(dependencies['feed']).toEqual({ status: 'degraded', detail: its.lastError });
    const command = await waiting.fetch('/api/v1/truedata/connect', { method: 'POST', body: '{}' });
    expect([command.status, ((await command.json()) as { code: string }).code]).toEqual([
      409,
      'FEED_HELD_ELSEWHERE',
    ]);
    expect(await redis.foreign.get('feed:lease:simulator')).toBe(
      `${mine.lease.instance} ${mine.lease.fence}`,
    );
    // What the holder publishes can be read from the one that waits, with its true source and age.
    const market = await waitFor(async () => {
      const answer = await waiting.get<MarketDataAnswer>('/api/v1/market-data');
      return answer.symbolCount === 4 && answer;
    });
    expect(market).toMatchObject({ success: true, source: 'redis' });
    const tick = await waiting.fetch('/api/v1/market-data/RELIANCE');
    expect([tick.status, ((await tick.json()) as TickJson).symbol]).toEqual([200, 'RELIANCE']);
    expect((await waiting.fetch('/api/v1/market-data/stream')).status).toBe(503);
    const vendor = await sessions();
    expect(vendor.sessions).toHaveLength(1);
    expect(vendor.refusedLogins).toBe(0);
  }, 60_000);

  it('a killed holder is replaced within ten seconds', async () => {
    const { holder, waiting } = await startPair();
    const before = await holder.status();
    const killedAt = performance.now();
    await holder.kill();
    await flows(waiting);
    const tookMs = performance.now() - killedAt;
    report('takeover after SIGKILL, until ticks flow', tookMs);
    expect(tookMs).toBeLessThan(10_000);
    const after = await waiting.status();
    expect(after.lease.fence).toBeGreaterThan(before.lease.fence as number);
  }, 60_000);

  it('a clean stop hands over at once, and the vendor refuses nobody', async () => {
    const { holder, waiting } = await startPair();
    const { refusedLogins } = await sessions();
    const stoppedAt = performance.now();
    await Promise.all([holder.stop(), flows(waiting)]);
    const tookMs = performance.now() - stoppedAt;
    report('handover on a clean stop, until ticks flow', tookMs);
    expect(tookMs).toBeLessThan(3_000);
    expect((await sessions()).refusedLogins).toBe(refusedLogins);
  }, 60_000);

  it('a holder that slept through its lease publishes nothing when it wakes', async () => {
    const { holder, waiting } = await startPair();
    const [own] = listener.epochsSince(performance.now() - 1_000);
    holder.pause();
    // The vendor does not notice either and refuses the second login until the first is gone.
    await waitFor(async () => (await waiting.status()).lease.state === 'held', { timeoutMs: 15_000 });
    const [other] = await waitFor(() => {
      const epochs = listener.epochsSince(performance.now() - 400);
      return epochs.length === 1 && epochs[0] !== own && epochs;
    });
    const wokenAt = performance.now();
    holder.resume();
    await waitFor(async () => (await holder.status()).lease.state === 'waiting');
    // Its socket is closed with a logout, so the login is free for the new holder.
    await flows(waiting);
    expect(listener.epochsSince(wokenAt)).toEqual([other]);
    expect((await holder.status()).leaseHolder).toBe((await waiting.status()).lease.instance);
  }, 90_000);

  it('without Redis the holder keeps the lease through PostgreSQL and the other does not connect', async () => {
    const { holder, waiting } = await startPair();
    const { lease } = await holder.status();
    const { refusedLogins } = await sessions();
    await redis.kill();
    await waitFor(async () => (await holder.status()).lease.answering.join() === 'postgresql');
    await waitFor(async () => (await waiting.status()).lease.answering.join() === 'postgresql');
    // Longer than the lease lasts, and than a store alone must have answered to be believed.
    const until = performance.now() + 7_000;
    await waitFor(
      async () => {
        expect((await holder.status()).lease).toMatchObject({ state: 'held', fence: lease.fence });
        expect((await waiting.status()).lease).toMatchObject({ state: 'waiting', holder: lease.instance });
        return performance.now() > until;
      },
      { timeoutMs: 20_000, everyMs: 200 },
    );
    await redis.start();
    await waitFor(
      async () => (await redis.foreign.get('feed:lease:simulator')) === `${lease.instance} ${lease.fence}`,
    );
    await waitFor(async () => (await waiting.status()).lease.answering.length === 2);
    expect((await holder.status()).lease).toMatchObject({ state: 'held', fence: lease.fence });
    expect(await sessions()).toMatchObject({ sessions: [{}], refusedLogins });
  }, 90_000);

  it('without PostgreSQL the holder keeps it through Redis; when both are gone nobody is connected', async () => {
    const { holder, waiting } = await startPair();
    const { lease } = await holder.status();
    wire.refuse();
    await waitFor(async () => (await waiting.status()).lease.answering.join() === 'redis');
    const until = performance.now() + 7_000;
    await waitFor(
      async () => {
        expect((await holder.status()).lease).toMatchObject({ state: 'held', fence: lease.fence });
        expect((await waiting.status()).lease).toMatchObject({ state: 'waiting', holder: lease.instance });
        return performance.now() > until;
      },
      { timeoutMs: 20_000, everyMs: 200 },
    );
    await redis.kill();
    await waitFor(async () => (await sessions()).sessions.length === 0);
    expect((await holder.status()).lastError).toContain('no answer from postgresql and redis');
    wire.heal();
    await redis.start();
    await waitFor(async () => (await sessions()).sessions.length === 1, { timeoutMs: 20_000 });
    const states = await Promise.all([holder, waiting].map(async (each) => (await each.status()).lease));
    expect(states.map(({ state }) => state).sort()).toEqual(['held', 'waiting']);
    const now = states.find(({ state }) => state === 'held');
    expect(now?.fence).toBeGreaterThan(lease.fence as number);
  }, 90_000);
});
