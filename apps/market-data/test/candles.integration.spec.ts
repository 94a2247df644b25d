import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candle } from '@tickbridge/contracts';
import { createTestDatabase, type TestDatabase } from '@tickbridge/database';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { ServiceProcess, requiredVariable } from './service-process';

describe('candles of a running service', () => {
  const directory = mkdtempSync(join(tmpdir(), 'candles-'));
  let database: TestDatabase;
  let simulator: ServiceProcess;
  const running: ServiceProcess[] = [];

  const startMarketData = async (env: Record<string, string> = {}) => {
    const service = await ServiceProcess.start('market-data', {
      DATA_DIR: directory,
      FEED: 'simulator',
      FEED_SYMBOLS: 'RELIANCE,ITC',
      SIMULATOR_PORT: simulator.port,
      DATABASE_URL: database.url,
      ...env,
    });
    running.push(service);
    return service;
  };
  const ask = async (service: ServiceProcess, interval: string) => {
    const response = await service.fetch(
      `/api/v1/market-data/RELIANCE/candles?interval=${interval}&limit=1000`,
    );
    return { source: response.headers.get('candles-source'), candles: (await response.json()) as Candle[] };
  };
  /** As a map of finished candles by time. */
  const finished = async (service: ServiceProcess, interval: string) =>
    new Map((await ask(service, interval)).candles.slice(0, -1).map((candle) => [candle.time, candle]));

  beforeAll(async () => {
    database = await createTestDatabase(requiredVariable('TEST_DATABASE_URL'));
    simulator = await ServiceProcess.start('feed-simulator', {
      DATA_DIR: directory,
      SIMULATOR_TICKS_PER_SECOND: '400',
    });
  }, 90_000);

  afterAll(async () => {
    for (const service of running) await service.kill();
    await simulator.stop();
    await database.drop();
    rmSync(directory, { recursive: true });
  });

  it('are there again after the process was killed, and the history fills what is missing', async () => {
    const first = await startMarketData();
    await waitFor(async () => (await finished(first, '1s')).size >= 5, { timeoutMs: 30_000 });
    // Written are the finished ones; the pace of writing is a second.
    const before = await waitFor(async () => {
      const written = /tickbridge_candles_written_total\S* (\d+)/.exec(
        await (await first.fetch('/metrics')).text(),
      )?.[1];
      return Number(written) > 20 && finished(first, '1s');
    });
    await first.kill();

    const second = await startMarketData();
    await waitFor(async () => (await second.status()).dataFlowing, { timeoutMs: 30_000 });
    const after = await finished(second, '1s');
    const kept = [...before].filter(([time]) => after.has(time));
    // What finished in the last moments before the kill may not have been written.
    expect(kept.length).toBeGreaterThanOrEqual(before.size - 3);
    for (const [time, candle] of kept.slice(0, -1)) expect(after.get(time)).toEqual(candle);

    // The simulated vendor's day is longer than this test: its minutes come by its history.
    await waitFor(async () => (await ask(second, '1m')).candles.length > 60, { timeoutMs: 30_000 });
    const { source, candles } = await ask(second, '1m');
    expect(source).toBe('memory+postgresql');
    const times = candles.map(({ time }) => Date.parse(time));
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    const day = (await ask(second, '1d')).candles.at(-1);
    expect(day?.volume).toBeGreaterThan(0);
    // Once a minute of the vendor's is part of it, whose trades nobody counted, theirs are not known either.
    if (day?.trades !== null) expect(day?.trades).toBeGreaterThan(0);
    await second.stop();
  }, 120_000);

  it('come from memory alone without PostgreSQL, and the answer says so', async () => {
    const service = await startMarketData({ DATABASE_URL: '' });
    await waitFor(async () => (await ask(service, '1s')).candles.length > 1, { timeoutMs: 30_000 });
    expect((await ask(service, '1s')).source).toBe('memory');
    expect((await service.status()).lease).toMatchObject({ state: 'alone', holder: null });
    await service.stop();
  }, 60_000);
});
