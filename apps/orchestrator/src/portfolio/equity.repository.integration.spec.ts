import { Logger } from '@nestjs/common';
import {
  accounts,
  createTestDatabase,
  Database,
  equitySamples,
  type TestDatabase,
} from '@tickbridge/database';
import { money, ZERO } from '@tickbridge/trading-core';
import { EquityRepository, type EquitySample, WHOLE_ACCOUNT } from './equity.repository';

const ACCOUNT = 'PAPER_TRADER_001';
const DAY_MS = 86_400_000;
/** A whole minute, a whole quarter of an hour and a whole day. */
const MIDNIGHT = Date.parse('2026-11-20T00:00:00Z');

describe('equity samples', () => {
  let test: TestDatabase;
  let database: Database;
  let samples: EquityRepository;

  const sample = (at: number, equity: number, strategy = WHOLE_ACCOUNT, paidIn = '0'): EquitySample => ({
    accountId: ACCOUNT,
    strategy,
    at,
    equity: money(equity),
    paidIn,
    start: strategy === '' ? '100' : '0',
    realized: ZERO,
    unrealized: ZERO,
    fees: ZERO,
    grossExposure: ZERO,
    netExposure: ZERO,
  });
  const whole = (from: number, to: number) => ({ accountId: ACCOUNT, strategy: WHOLE_ACCOUNT, from, to });

  beforeAll(async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    database = new Database({ value: { url: test.url, applicationName: 'test' } });
    database.onModuleInit();
    await database.whenReady();
    samples = new EquityRepository(database);
    await database.orm.insert(accounts).values({
      id: ACCOUNT,
      broker: 'paper',
      feed: 'simulator',
      currency: 'INR',
      capital: '100',
      cash: '100',
    });
  });
  afterAll(async () => {
    await database.onApplicationShutdown();
    await test.drop();
  });
  afterEach(() => database.orm.delete(equitySamples));

  it('know the peak from the capital on, whatever was stored together', async () => {
    await samples.add([sample(MIDNIGHT, 99), sample(MIDNIGHT + 1, 104), sample(MIDNIGHT + 2, 101)]);
    await samples.add([sample(MIDNIGHT + 3, 103), sample(MIDNIGHT + 3, -5, 'one')]);
    const rows = await samples.curve(whole(MIDNIGHT, MIDNIGHT + 10), 1);
    expect(rows.map(({ equity, peak }) => [equity, peak])).toEqual([
      ['99', '100'],
      ['104', '104'],
      ['101', '104'],
      ['103', '104'],
    ]);
    expect((await samples.peak(ACCOUNT, 'one'))?.toNumber()).toBe(0);
  });

  it('leave what was paid in and out out of the peak', async () => {
    await samples.add([
      sample(MIDNIGHT, 104),
      sample(MIDNIGHT + 1, 153, WHOLE_ACCOUNT, '50'),
      sample(MIDNIGHT + 2, 156, WHOLE_ACCOUNT, '50'),
      sample(MIDNIGHT + 3, 60, WHOLE_ACCOUNT, '-40'),
    ]);
    const rows = await samples.curve(whole(MIDNIGHT, MIDNIGHT + 10), 1);
    expect(rows.map(({ peak, paidIn }) => [peak, paidIn])).toEqual([
      ['104', '0'],
      ['104', '50'],
      ['106', '50'],
      ['106', '-40'],
    ]);
  });

  it('give the last one of every step, and keep the newer of one time', async () => {
    await samples.add([1, 2, 3, 4].map((tenth) => sample(MIDNIGHT + tenth * 25_000, 100 + tenth)));
    await samples.add([sample(MIDNIGHT + 100_000, 200)]);
    const rows = await samples.curve(whole(MIDNIGHT, MIDNIGHT + DAY_MS), 60_000);
    expect(rows.map(({ equity }) => equity)).toEqual(['102', '200']);
    const equities = await samples.equities(whole(MIDNIGHT, MIDNIGHT + 60_000));
    expect(equities.map(({ equity }) => equity)).toEqual(['101', '102']);
  });

  it('are thinned with age, each strategy by itself, their peaks untouched', async () => {
    const old = MIDNIGHT - 3 * DAY_MS;
    const older = MIDNIGHT - 40 * DAY_MS;
    await samples.add([
      ...[0, 10_000, 50_000, 60_000].map((after) => sample(older + after, 100)),
      sample(old, 150),
      ...[10_000, 50_000, 60_000].map((after) => sample(old + after, 100)),
      sample(old, 1, 'one'),
      ...[0, 10_000].map((after) => sample(MIDNIGHT - DAY_MS + after, 100)),
    ]);
    expect(await samples.thin([ACCOUNT], MIDNIGHT)).toBe(3 + 2);
    const kept = await samples.curve(whole(0, MIDNIGHT), 1);
    expect(kept.map(({ at }) => at.getTime())).toEqual([
      older + 60_000,
      ...[old + 50_000, old + 60_000],
      ...[MIDNIGHT - DAY_MS, MIDNIGHT - DAY_MS + 10_000],
    ]);
    expect((await samples.peak(ACCOUNT, WHOLE_ACCOUNT))?.toNumber()).toBe(150);
    expect((await samples.peak(ACCOUNT, 'one'))?.toNumber()).toBe(1);
    expect(await samples.thin([ACCOUNT], MIDNIGHT)).toBe(0);
    expect(await samples.thin([], MIDNIGHT)).toBe(0);
  });
});
