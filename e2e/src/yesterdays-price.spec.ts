import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account, Order, Tick } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { Platform } from './platform';
import { TrueDataServer } from './truedata-server';

const DAY_MS = 24 * 3_600_000;
const IST_OFFSET_MS = 5.5 * 3_600_000;
const SYMBOL = 'RELIANCE';

/** A date in India, so many days from now. */
function indianDate(days: number): string {
  return new Date(Date.now() + IST_OFFSET_MS + days * DAY_MS).toISOString().slice(0, 10);
}

/** A calendar of a person: closed yesterday, open today and tomorrow round the clock, whenever this test runs. */
function writeCalendar(directory: string): void {
  const open = [{ phase: 'normal', from: '00:00', to: '24:00' }];
  const day = (days: number, hours: object[]) => ({ date: indianDate(days), reason: 'a test', hours });
  const addition = { extends: 'NSE_EQUITY', days: [day(-1, []), day(0, open), day(1, open)] };
  writeFileSync(join(directory, 'open.json'), JSON.stringify(addition));
}

describe('a vendor that tells the last price it knows, of the day before', () => {
  const calendars = mkdtempSync(join(tmpdir(), 'calendars-'));
  let vendor: TrueDataServer;
  let platform: Platform;

  beforeAll(async () => {
    writeCalendar(calendars);
    vendor = await TrueDataServer.start(DAY_MS);
    platform = await Platform.start({
      FEED: 'truedata',
      FEED_SYMBOLS: SYMBOL,
      TRUEDATA_URL: vendor.url,
      TRUEDATA_USER: 'trader',
      TRUEDATA_PASSWORD: 'right',
      CALENDARS_DIR: calendars,
    });
    await waitFor(
      async () => {
        const { body } = await platform.get<Account[]>('orchestrator', '/api/v1/accounts');
        return body[0]?.trading.state === 'trading';
      },
      { timeoutMs: 30_000 },
    );
  });

  afterAll(async () => {
    await platform?.dispose();
    vendor?.stop();
    rmSync(calendars, { recursive: true });
  });

  const tick = async () => (await platform.get<Tick>('market-data', `/api/v1/market-data/${SYMBOL}`)).body;
  let quantity = 0;
  /** A market order of a person, another than the one before. */
  const order = async () =>
    (
      await platform.call<Order>('orchestrator', 'POST', '/api/v1/orders', {
        requestId: randomUUID(),
        accountId: 'PAPER_TRADER_001',
        symbol: SYMBOL,
        side: 'BUY',
        type: 'MARKET',
        quantity: (quantity += 1),
        by: 'mira',
        reason: 'a test',
      })
    ).body;

  it('fills no market order at it, nor before the first trade of the day, and fills after that', async () => {
    const told = await waitFor(async () => {
      const known = await tick();
      return known.lastPrice === 100 && known;
    });
    expect(told.lagMs).toBeGreaterThan(DAY_MS - 60_000);
    expect(await order()).toMatchObject({ status: 'Denied', rejection: { code: 'STALE_PRICE' } });

    vendor.quote(SYMBOL, 101, 101.1);
    await waitFor(async () => (await tick()).ask === 101.1);
    expect(await order()).toMatchObject({ status: 'Denied', rejection: { code: 'NOT_TRADED_YET' } });

    const filled = await waitFor(async () => {
      vendor.trade(SYMBOL, 101.2, 10);
      const placed = await order();
      return placed.status === 'Filled' && placed;
    });
    expect(filled.averagePrice).toBeGreaterThanOrEqual(101.25);
  });
});
