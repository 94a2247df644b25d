import { Logger } from '@nestjs/common';
import type { RoundTrip } from '@tickbridge/contracts';
import {
  accounts,
  candles,
  createTestDatabase,
  Database,
  fills,
  orders,
  positions,
  roundTrips,
  signals,
  type TestDatabase,
} from '@tickbridge/database';
import { type ClosedTrip, type OpenTrip, toRoundTrip, tripAfter } from '@tickbridge/trading-core';
import { waitFor } from '@tickbridge/shared-cache/testing';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import type { AccountLeases } from '../accounts/account-leases';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingFeeds } from '../market/trading-feeds';
import type { PositionBook } from '../positions/position-book';
import type { PositionKey } from '../positions/position-lives';
import { RoundTripProjector } from './round-trip.projector';
import { RoundTripRepository } from './round-trip.repository';
import { RoundTrips } from './round-trips';

const ACCOUNT = 'PAPER_TRADER_001';
const ID = '00000000-0000-4000-8000-000000000001';
const START = Date.parse('2026-11-20T05:00:00Z');
const MINUTE_MS = 60_000;

interface Traded {
  strategy: string;
  symbol: string;
  side: 'BUY' | 'SELL';
  quantity: number;
  price: number;
  fee: string;
}

describe('round trips of fills', () => {
  let test: TestDatabase;
  let database: Database;
  let trips: RoundTripRepository;
  let view: RoundTrips;
  let count = 0;
  const running: RoundTripProjector[] = [];
  const account = { id: ACCOUNT, feed: 'simulator', currency: 'INR' } as StoredAccount;

  /** A process that trades the account, and what it is told of changes. */
  function begin() {
    const changes$ = new Subject<PositionKey>();
    const book = { changes$, feedOf: () => 'simulator' } as unknown as PositionBook;
    const leases = { changes$: new Subject(), held: [ACCOUNT] } as unknown as AccountLeases;
    const projector = new RoundTripProjector(book, leases, trips);
    projector.onApplicationBootstrap();
    running.push(projector);
    return { projector, changes$ };
  }

  async function book({ strategy, symbol, ...trade }: Traded): Promise<void> {
    count += 1;
    const key = { accountId: ACCOUNT, strategy, symbol };
    const filledAt = new Date(START + count * MINUTE_MS);
    await database.orm.insert(fills).values({
      ...{ ...key, ...trade, orderId: ID, tradeId: `T${count}`, realized: '0', filledAt },
    });
    const flat = { quantity: '0', cost: '0', realized: '0', fees: '0', updatedAt: filledAt };
    await database.orm
      .insert(positions)
      .values({ ...key, ...flat })
      .onConflictDoNothing();
  }

  /** The trips that all fills together make, worked out at once. */
  async function expected(): Promise<RoundTrip[]> {
    const open = new Map<string, OpenTrip | undefined>();
    const closed: { trip: ClosedTrip; key: PositionKey }[] = [];
    for (const fill of await database.orm.select().from(fills).orderBy(fills.position)) {
      const key = { accountId: fill.accountId, strategy: fill.strategy, symbol: fill.symbol };
      const id = JSON.stringify(key);
      const after = tripAfter(open.get(id), { ...fill, at: fill.filledAt.getTime() });
      open.set(id, after.open);
      if (after.closed) closed.push({ trip: after.closed, key });
    }
    return closed.map(({ trip, key }) => toRoundTrip(key, trip, null)).reverse();
  }

  const stop = () => Promise.all(running.splice(0).map((projector) => projector.beforeApplicationShutdown()));
  const clear = async () => {
    for (const table of [roundTrips, fills, positions, candles]) await database.orm.delete(table);
  };

  beforeAll(async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    database = new Database({ value: { url: test.url, applicationName: 'test' } });
    database.onModuleInit();
    await database.whenReady();
    trips = new RoundTripRepository(database);
    view = new RoundTrips(trips, new TradingFeeds(['simulator']));
    const money = { capital: '100', cash: '100', currency: 'INR' };
    await database.orm.insert(accounts).values({ id: ACCOUNT, broker: 'paper', feed: 'simulator', ...money });
    const at = new Date(START);
    const common = { id: ID, symbol: 'INFY', strategy: 's', barTime: at, createdAt: at };
    await database.orm.insert(signals).values({
      ...common,
      ...{ source: 'simulator', action: 'BUY', strength: 1, confidence: 1, price: 1 },
      ...{ reason: 'a test', components: {}, expiresAt: at },
    });
    await database.orm.insert(orders).values({
      ...common,
      ...{ clientOrderId: 'C', signalId: ID, accountId: ACCOUNT, product: 'intraday', side: 'BUY' },
      ...{ type: 'MARKET', quantity: 1 },
      ...{ decisionPrice: 1, status: 'Filled', updatedAt: at },
    });
  });
  afterEach(async () => {
    await stop();
    await clear();
  });
  afterAll(async () => {
    await database.onApplicationShutdown();
    await test.drop();
  });

  it('are the same however often their process is killed, restarted or told twice', async () => {
    const trade = fc.record({
      strategy: fc.constantFrom('a', 'b'),
      symbol: fc.constantFrom('INFY', 'TCS'),
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      quantity: fc.integer({ min: 1, max: 3 }),
      price: fc.integer({ min: 100, max: 200 }),
      fee: fc.integer({ min: 0, max: 300 }).map((paise) => String(paise / 100)),
    });
    const step = fc.record({ trade, restart: fc.boolean(), told: fc.integer({ min: 0, max: 2 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        await clear();
        let process = begin();
        for (const { trade: each, restart, told } of steps) {
          await book(each);
          const key = { accountId: ACCOUNT, strategy: each.strategy, symbol: each.symbol };
          for (let time = 0; time < told; time += 1) process.changes$.next(key);
          if (!restart) continue;
          await stop();
          process = begin();
        }
        await stop();
        begin();
        const wanted = await expected();
        await waitFor(async () => {
          const found = await view.list({ accountId: ACCOUNT });
          return JSON.stringify(found) === JSON.stringify(wanted);
        });
        await stop();
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it('tell their statistics by strategy, symbol, day and account, all charges taken off', async () => {
    const { changes$ } = begin();
    const deal = async (strategy: string, symbol: string, entry: number, exit: number) => {
      await book({ strategy, symbol, side: 'BUY', quantity: 10, price: entry, fee: '3' });
      await book({ strategy, symbol, side: 'SELL', quantity: 10, price: exit, fee: '3' });
      changes$.next({ accountId: ACCOUNT, strategy, symbol });
    };
    await deal('a', 'INFY', 100, 102);
    // Won by the price, lost by the charges.
    await deal('a', 'TCS', 100, 100.5);
    await deal('b', 'INFY', 100, 98);
    await waitFor(async () => (await view.list({ accountId: ACCOUNT })).length === 3);
    const rows = async (by: 'account' | 'strategy' | 'symbol' | 'day') =>
      (await view.statistics(account, by)).map((row) => [row.group, row.trades, row.wins, row.netProfit]);
    expect(await rows('strategy')).toEqual([
      ['a', 2, 1, '13'],
      ['b', 1, 0, '-26'],
    ]);
    expect(await rows('symbol')).toEqual([
      ['INFY', 2, 1, '-12'],
      ['TCS', 1, 0, '-1'],
    ]);
    expect(await rows('account')).toEqual([[ACCOUNT, 3, 1, '-13']]);
    expect(await rows('day')).toEqual([['2026-11-20', 3, 1, '-13']]);
    const [first] = await view.list({ accountId: ACCOUNT, strategy: 'a', limit: 1 });
    expect(first).toMatchObject({ symbol: 'TCS', grossProfit: '5', charges: '6', netProfit: '-1' });
    expect(await view.statistics(account, 'strategy', { from: START + 86_400_000 })).toEqual([]);
  });

  it('know how far the price went, from the candles between entry and exit alone', async () => {
    await book({ strategy: 'a', symbol: 'INFY', side: 'BUY', quantity: 1, price: 100, fee: '0' });
    const opened = START + count * MINUTE_MS;
    await book({ strategy: 'a', symbol: 'INFY', side: 'SELL', quantity: 1, price: 101, fee: '0' });
    const candle = (openTime: number, high: number, low: number) => ({
      ...{ feed: 'simulator' as const, symbol: 'INFY', intervalMs: 5_000, openTime: new Date(openTime) },
      ...{ open: 100, high, low, close: 100, volume: 1 },
    });
    await database.orm.insert(candles).values([
      candle(opened - 5_000, 150, 50),
      candle(opened, 104, 99),
      candle(opened + 30_000, 101, 97),
      // It ends after the exit.
      candle(opened + 57_500, 180, 20),
    ]);
    begin();
    await waitFor(async () => (await view.list({ accountId: ACCOUNT })).length === 1);
    await trips.measure(ACCOUNT, 'simulator', new Date());
    const [trip] = await view.list({ accountId: ACCOUNT });
    expect(trip).toMatchObject({ bestExcursionPercent: 4, worstExcursionPercent: -3 });
  });
});
