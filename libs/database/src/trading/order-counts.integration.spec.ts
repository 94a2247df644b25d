import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { Database } from '../connection/database';
import { createTestDatabase, type TestDatabase } from '../testing/test-database';
import { accounts, orderCounts, orders, signals } from './trading.schema';

const ACCOUNT = { broker: 'paper', feed: 'replay', currency: 'INR', capital: '1', cash: '1' } as const;
const STATUSES = ['Initialized', 'Submitted', 'Denied', 'Rejected', 'Canceled', 'Filled'] as const;
const FROM = Date.parse('2026-11-18T18:25:00Z');

describe('counts of orders', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    database = new Database({ value: { url: test.url, applicationName: 'test', maxConnections: 2 } });
    database.onModuleInit();
    await database.whenReady();
    for (const id of ['A', 'B']) await database.orm.insert(accounts).values({ ...ACCOUNT, id });
  });

  afterAll(async () => {
    await database.onApplicationShutdown();
    await test.drop();
  });

  async function store(accountId: string, symbol: string, status: (typeof STATUSES)[number], at: Date) {
    const [id, signalId] = [randomUUID(), randomUUID()];
    const common = { symbol, strategy: 's', barTime: at, createdAt: at };
    await database.orm.insert(signals).values({
      ...common,
      id: signalId,
      source: 'replay',
      action: 'BUY',
      strength: 1,
      confidence: 1,
      price: 1,
      reason: 'test',
      components: {},
      expiresAt: at,
    });
    await database.orm.insert(orders).values({
      ...common,
      id,
      clientOrderId: id,
      signalId,
      accountId,
      product: 'intraday',
      side: 'BUY',
      type: 'MARKET',
      quantity: 1,
      decisionPrice: 1,
      status,
      updatedAt: at,
    });
    return id;
  }

  it('are those of the orders that left the house, whatever becomes of them', async () => {
    const order = fc.record({
      account: fc.constantFrom('A', 'B'),
      symbol: fc.constantFrom('INFY', 'TCS'),
      statuses: fc.array(fc.constantFrom(...STATUSES), { minLength: 1, maxLength: 4 }),
      minute: fc.integer({ min: 0, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(order, { minLength: 1, maxLength: 6 }), async (made) => {
        for (const { account, symbol, statuses, minute } of made) {
          const [first = 'Initialized', ...later] = statuses;
          const id = await store(account, symbol, first, new Date(FROM + minute * 60_000));
          for (const status of later) {
            await database.orm.update(orders).set({ status }).where(eq(orders.id, id));
          }
        }
        const { rows } = await database.orm.execute(sql`
          select account_id, symbol, quarter, orders from ${orderCounts} where orders <> 0
          except select account_id, one, date_bin('15 minutes', created_at, '1970-01-01T00:00:00Z'), count(*)::int
          from ${orders}, unnest(array['', symbol]) as one
          where status not in ('Denied', 'Rejected') group by 1, 2, 3`);
        expect(rows).toEqual([]);
        const total = await database.orm.execute(sql`
          select (select sum(orders) from ${orderCounts} where symbol = '')::int as counted,
            (select count(*) from ${orders} where status not in ('Denied', 'Rejected'))::int as sent`);
        expect(total.rows[0]?.['counted'] ?? 0).toBe(total.rows[0]?.['sent']);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});
