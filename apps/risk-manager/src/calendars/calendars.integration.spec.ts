import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type {
  CalendarAnswer,
  CalendarSummary,
  Product,
  Readiness,
  RiskDecision,
} from '@tickbridge/contracts';
import { accounts, Database, tradingState, vendorStatuses } from '@tickbridge/database';
import { serviceKeyOf } from '@tickbridge/service-bootstrap';
import { waitFor } from '@tickbridge/shared-cache/testing';
import request from 'supertest';
import { TestPlatform } from '../testing/test-platform';

// As the dashboard calls, which names the person it calls for.
const authorization = `Bearer ${serviceKeyOf(TestPlatform.key)}`;
const ACCOUNT = 'PAPER_TRADER_001';
const DAY = '2024-08-08';
/** What counts as "within seconds". */
const WITHIN = { timeoutMs: 5_000 };

describe('calendars that people change', () => {
  let platform: TestPlatform;
  let app: NestFastifyApplication;
  let other: NestFastifyApplication;
  let directory: string;

  const http = (target = app) => request(target.getHttpServer());
  const put = (path: string, body: object) =>
    http().put(`/api/v1/calendars/${path}`).set({ authorization }).send(body);
  const takeBack = (path: string) =>
    http()
      .delete(`/api/v1/calendars/${path}`)
      .set({ authorization })
      .send({ by: 'mira', reason: 'second circular' });
  const codeAt = async (asOf: string, target = app, product?: Product) => {
    const answer = await http(target)
      .post('/api/v1/risk/check')
      .set({ authorization })
      .send({
        signalId: randomUUID(),
        accountId: ACCOUNT,
        strategy: 'momentum-breakout',
        symbol: 'BTCUSDT',
        side: 'BUY',
        type: 'MARKET',
        quantity: 0.05,
        ...(product && { product }),
        market: { source: 'replay', lastPrice: 61_000, bid: 60_999, ask: 61_001, ageMs: 0 },
        asOf,
      });
    return (answer.body as RiskDecision).code;
  };
  const noon = `${DAY}T12:00:00.000Z`;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'calendars-'));
    platform = await TestPlatform.begin({
      databaseUrl: process.env['TEST_DATABASE_URL'],
      redisProgram: process.env['TEST_REDIS_PROGRAM'],
    });
    app = await platform.start({ CALENDARS_DIR: directory });
    other = await platform.start({ CALENDARS_DIR: directory });
    const { orm } = app.get(Database);
    await orm.insert(accounts).values({
      id: ACCOUNT,
      broker: 'paper',
      feed: 'replay',
      currency: 'USDT',
      capital: '100000',
      cash: '100000',
    });
    await orm
      .insert(tradingState)
      .values({ mode: 'ACTIVE', running: true, changedBy: 'test', reason: 'test', changedAt: new Date() });
  });
  afterAll(async () => {
    await platform.end();
    await rm(directory, { recursive: true });
  });

  it('are listed with what their markets do now, their source and their end', async () => {
    const list = (await http().get('/api/v1/calendars')).body as CalendarSummary[];
    expect(list.map(({ id }) => id).sort()).toEqual([
      'CRYPTO',
      'MCX',
      'NSE_CURRENCY',
      'NSE_EQUITY',
      'SIMULATED',
      'US_EQUITY',
    ]);
    expect(list.find(({ id }) => id === 'CRYPTO')).toMatchObject({ phase: 'normal', takesOrders: true });
    const { body } = await http().get('/api/v1/calendars/NSE_EQUITY?from=2026-11-20&days=5');
    const { dates, coverage } = body as CalendarAnswer;
    expect(coverage.to).toBe('2026-12-31');
    expect(dates.map(({ date, phases }) => [date, phases.length])).toEqual([
      ['2026-11-20', 3],
      ['2026-11-21', 0],
      ['2026-11-22', 0],
      ['2026-11-23', 3],
      ['2026-11-24', 0],
    ]);
  });

  it('close a day for every instance within seconds, and open it again', async () => {
    expect(await codeAt(noon)).toBe('APPROVED');
    expect(await codeAt(noon, other)).toBe('APPROVED');
    const { status, body } = await put(`CRYPTO/days/${DAY}`, {
      by: 'mira',
      reason: 'maintenance',
      hours: [],
    });
    expect(status).toBe(200);
    expect((body as CalendarAnswer).changedDays).toMatchObject([
      { date: DAY, hours: [], reason: 'maintenance', changedBy: 'mira' },
    ]);
    expect(await codeAt(noon)).toBe('SESSION_CLOSED');
    await waitFor(async () => (await codeAt(noon, other)) === 'SESSION_CLOSED', WITHIN);

    const back = (await takeBack(`CRYPTO/days/${DAY}`)).body as CalendarAnswer;
    expect(back.changedDays).toEqual([]);
    expect(back.changes).toMatchObject([
      { date: DAY, before: [], after: null, changedBy: 'mira', reason: 'second circular' },
      { date: DAY, before: null, after: [], changedBy: 'mira', reason: 'maintenance' },
    ]);
    expect(await codeAt(noon)).toBe('APPROVED');
    await waitFor(async () => (await codeAt(noon, other)) === 'APPROVED', WITHIN);
  });

  it('take hours of their own, which orders keep to', async () => {
    const hours = [{ phase: 'special', from: '18:00', to: '19:00', squareOff: '18:50' }];
    await put(`CRYPTO/days/${DAY}`, { by: 'mira', reason: 'one hour', hours });
    expect(await codeAt(noon)).toBe('SESSION_CLOSED');
    expect(await codeAt(`${DAY}T18:30:00.000Z`)).toBe('APPROVED');
    expect(await codeAt(`${DAY}T18:50:00.000Z`, app, 'intraday')).toBe('AFTER_CUTOFF');
    // What is not held intraday has no cutoff.
    expect(await codeAt(`${DAY}T18:50:00.000Z`)).toBe('APPROVED');
    await takeBack(`CRYPTO/days/${DAY}`);
  });

  it.each([
    ['a calendar that is not there', 'NOWHERE/days/2026-11-25', { hours: [] }, 404, 'CALENDAR_UNKNOWN'],
    ['hours of no such name', 'CRYPTO/days/2026-11-25', { hours: 'regular' }, 400, 'INVALID_INPUT'],
    ['no date', 'CRYPTO/days/2026-02-30', { hours: [] }, 400, 'INVALID_INPUT'],
    [
      'phases that overlap',
      'CRYPTO/days/2026-11-25',
      {
        hours: [
          { phase: 'normal', from: '09:00', to: '12:00' },
          { phase: 'special', from: '11:00', to: '13:00' },
        ],
      },
      400,
      'INVALID_INPUT',
    ],
  ])('refuse %s', async (_title, path, body, status, code) => {
    const answer = await put(path, { by: 'mira', reason: 'slip', ...body });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code });
  });

  it('refuse to take back a day that nobody set', async () => {
    const answer = await takeBack(`CRYPTO/days/${DAY}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'CALENDAR_DAY_NOT_SET' });
  });

  it("give way to the vendor's word that the market is closed, within seconds", async () => {
    const saidAt = new Date(Date.parse(noon) - 30_000);
    const { orm } = app.get(Database);
    await orm.insert(vendorStatuses).values({ feed: 'replay', state: 'closed', since: saidAt, saidAt });
    await waitFor(async () => (await codeAt(noon)) === 'SESSION_CLOSED', WITHIN);
    // It was said half a minute ago; of an hour later it says nothing.
    expect(await codeAt(`${DAY}T13:00:00.000Z`)).toBe('APPROVED');
    await orm.delete(vendorStatuses);
    await waitFor(async () => (await codeAt(noon)) === 'APPROVED', WITHIN);
  });

  it('stay closed on a day that a person closed, although the vendor says open', async () => {
    const saidAt = new Date(Date.parse(noon) - 30_000);
    const { orm } = app.get(Database);
    await orm.insert(vendorStatuses).values({ feed: 'replay', state: 'open', since: saidAt, saidAt });
    await put(`CRYPTO/days/${DAY}`, { by: 'mira', reason: 'maintenance', hours: [] });
    expect(await codeAt(noon)).toBe('SESSION_CLOSED');
    await takeBack(`CRYPTO/days/${DAY}`);
    await orm.delete(vendorStatuses);
  });

  it('come from a folder too, without a restart; a file that cannot be used is named and changes nothing', async () => {
    const health = async () => (await http().get('/health/ready')).body as Readiness;
    const path = join(directory, 'maintenance.json');
    const addition = { extends: 'CRYPTO', days: [{ date: DAY, reason: 'maintenance', hours: [] }] };
    await writeFile(path, JSON.stringify(addition));
    await waitFor(async () => (await codeAt(noon)) === 'SESSION_CLOSED', WITHIN);
    expect((await health()).dependencies['calendars']).toEqual({ status: 'up' });

    await writeFile(join(directory, 'broken.json'), '{"extends":"CRYPTO","days":[{"date":"tomorrow"}]}');
    await waitFor(
      async () => (await health()).dependencies['calendars']?.detail?.includes('broken.json'),
      WITHIN,
    );
    expect(await codeAt(noon)).toBe('SESSION_CLOSED');
    await Promise.all([rm(path), rm(join(directory, 'broken.json'))]);
    await waitFor(async () => (await codeAt(noon)) === 'APPROVED', WITHIN);
  });
});
