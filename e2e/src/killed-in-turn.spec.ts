import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account, MarketDataAnswer, Order, Readiness } from '@tickbridge/contracts';
import { PrivateRedis, waitFor } from '@tickbridge/shared-cache/testing';
import { Pool } from 'pg';
import { Platform, requiredVariable } from './platform';

/** Orders are wished for at this pace, whatever is broken (milliseconds). */
const WISH_MS = 250;

describe('Redis and PostgreSQL killed in turn, during trading', () => {
  let redis: PrivateRedis;
  let platform: Platform;
  let sql: Pool;
  let timer: NodeJS.Timeout;
  let symbols: string[] = [];
  let wishes = 0;
  const asked: { requestId: string; status: number }[] = [];
  const unanswered = new Set<Promise<void>>();

  const database = async () => {
    const file = await readFile(join(platform.dataDir, 'postgres/postmaster.pid'), 'utf8');
    const [pid, , , port] = file.split('\n');
    const password = (await readFile(join(platform.dataDir, 'postgres.password'), 'utf8')).trim();
    return { pid: Number(pid), url: `postgresql://postgres:${password}@127.0.0.1:${port}/tickbridge` };
  };
  const ready = async (dependency: string) => {
    const { body } = await platform.get<Readiness>('orchestrator', '/health/ready');
    return body.dependencies[dependency]?.status === 'up';
  };
  const newest = async () => (await platform.get<Order[]>('orchestrator', '/api/v1/orders?limit=1')).body[0];
  /** Several orders wished for after now are filled. */
  const tradesAgain = async () => {
    const since = Date.now();
    await waitFor(
      async () => {
        const { body } = await platform.get<Order[]>('orchestrator', '/api/v1/orders?status=Filled&limit=20');
        return (
          Array.isArray(body) && body.filter(({ createdAt }) => Date.parse(createdAt) > since).length >= 5
        );
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );
  };
  const wish = async () => {
    const number = (wishes += 1);
    const symbol = symbols[number % symbols.length];
    const requestId = randomUUID();
    const order = {
      requestId,
      accountId: 'PAPER_TRADER_001',
      symbol,
      side: number % 2 === 0 ? 'BUY' : 'SELL',
      type: 'MARKET',
      quantity: 1,
      repeat: true,
      by: 'mira',
      reason: 'a test',
    };
    // Without an answer nobody knows; the same request is sent once more and must give the same order.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const status = await platform
        .call('orchestrator', 'POST', '/api/v1/orders', order)
        .then((answer) => answer.status)
        .catch(() => 0);
      asked.push({ requestId, status });
    }
  };

  beforeAll(async () => {
    redis = await PrivateRedis.start(requiredVariable('TEST_REDIS_PROGRAM'));
    platform = await Platform.start({ REDIS_URL: redis.url });
    await waitFor(async () => {
      const { body } = await platform.get<Account[]>('orchestrator', '/api/v1/accounts');
      return body[0]?.trading.state === 'trading';
    });
    const market = await waitFor(async () => {
      const { body } = await platform.get<MarketDataAnswer>('market-data', '/api/v1/market-data');
      return body.symbolCount === 175 && body;
    });
    symbols = Object.values(market.data).flatMap(({ symbol, assetClass, lastPrice }) =>
      assetClass === 'stock' && lastPrice < 2_000 ? [symbol] : [],
    );
    timer = setInterval(() => {
      const wished = wish().finally(() => unanswered.delete(wished));
      unanswered.add(wished);
    }, WISH_MS);
    await tradesAgain();
  }, 120_000);

  afterAll(async () => {
    clearInterval(timer);
    await sql?.end();
    await platform?.dispose();
    await redis?.stop();
  });

  it('trading goes on without Redis, stops without PostgreSQL, and comes back by itself, again and again', async () => {
    for (let turn = 1; turn <= 2; turn += 1) {
      await redis.kill();
      await tradesAgain();
      await redis.start();
      await waitFor(() => ready('redis'), { timeoutMs: 10_000 });

      const before = await newest();
      process.kill((await database()).pid, 'SIGKILL');
      await waitFor(async () => !(await ready('postgresql')), { timeoutMs: 10_000, everyMs: 20 });
      // Live data go on meanwhile.
      const { body } = await platform.get<MarketDataAnswer>('dashboard', '/api/v1/market-data');
      expect(body.ageMs).toBeLessThan(3_000);
      await waitFor(() => ready('postgresql'), { timeoutMs: 30_000 });
      await tradesAgain();
      expect((await newest())?.id).not.toBe(before?.id);
    }
  }, 240_000);

  it('and in the end no order is lost, none was made twice, and the books agree', async () => {
    clearInterval(timer);
    await Promise.all(unanswered);
    sql = new Pool({ connectionString: (await database()).url, max: 1 }).on('error', () => undefined);
    const rows = async <T>(query: string) => (await sql.query(query)).rows as T[];
    // Strategies trade on: what they wish for from now on is not what this is about.
    const [last] = await rows<{ at: string }>('select now()::text as at');
    const until = `'${last?.at}'::timestamptz`;
    const open = () =>
      rows<{ count: number }>(
        `select count(*)::int as count from trading.orders
         where created_at <= ${until} and status not in ('Filled', 'Denied', 'Rejected', 'Canceled', 'Expired')`,
      );
    await waitFor(async () => (await open())[0]?.count === 0, { timeoutMs: 60_000 });
    expect(
      await rows(`select o.id, o.status, o.filled_quantity, p.filled_quantity as filled_by_broker
        from trading.orders o
        full join trading.paper_orders p on p.account_id = o.account_id and p.client_order_id = o.client_order_id
        where (o.created_at <= ${until} or o.id is null) and (o.id is null or (p.client_order_id is null and o.status not in ('Denied', 'Rejected'))
          or (p.client_order_id is not null and o.filled_quantity <> p.filled_quantity))`),
    ).toEqual([]);
    // The books are the fold of all fills.
    expect(
      await rows(`select p.symbol from trading.positions p
        join (select account_id, strategy, symbol,
                sum(case when side = 'BUY' then quantity::numeric else -quantity::numeric end) as quantity,
                sum(fee) as fees, sum(realized) as realized
              from trading.fills group by 1, 2, 3) f using (account_id, strategy, symbol)
        where p.quantity <> f.quantity or p.fees <> f.fees or p.realized <> f.realized`),
    ).toEqual([]);
    const [cash] = await rows<{ kept: string; folded: string }>(`
      select (select cash - capital from trading.accounts where id = 'PAPER_TRADER_001')::text as kept,
        (select sum(case when side = 'BUY' then -1 else 1 end * quantity::numeric * price::numeric - fee)
         from trading.fills where account_id = 'PAPER_TRADER_001')::text as folded`);
    expect(Number(cash?.kept)).toBeCloseTo(Number(cash?.folded), 6);
    // Whoever was told 201 has exactly one order.
    const accepted = new Set(asked.filter(({ status }) => status === 201).map(({ requestId }) => requestId));
    const [orders] = await rows<{ count: number }>(
      `select count(*)::int as count from trading.orders where strategy = 'manual'`,
    );
    expect(orders?.count).toBeGreaterThanOrEqual(accepted.size);
    expect(orders?.count).toBeLessThanOrEqual(new Set(asked.map(({ requestId }) => requestId)).size);
    console.info(
      `${accepted.size} orders were confirmed, ${orders?.count} are in the ledger, of ${wishes} wishes`,
    );
  }, 90_000);
});
