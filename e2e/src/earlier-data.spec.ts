import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Account, BooksCheck, Order } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { query } from './infrastructure';
import { Platform, requiredVariable, WORKSPACE } from './platform';

const RECORDED = join(WORKSPACE, 'e2e/fixtures/earlier-data');
const ACCOUNT = 'PAPER_TRADER_001';
/** Of the user of every recording. */
const PASSWORD = 'recorded-password-1';

/** One of each schema that data may be of; how they are made: tools/record-data.mjs. */
const recordings = readdirSync(RECORDED).sort();

it.each(recordings)('no migration that made %s was changed since', (recording) => {
  const text = contentOf(recording);
  const schemas = [...text.matchAll(/^insert into migrations\.(\S+) .*values\n([^;]*);/gm)];
  expect(schemas.length).toBeGreaterThanOrEqual(3);
  for (const [, schema = '', rows = ''] of schemas) {
    const folder = join(WORKSPACE, 'libs/database/migrations', schema);
    const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
    const today = files.sort().map((name) => sha256(readFileSync(join(folder, name))));
    const then = [...rows.matchAll(/'([0-9a-f]{64})'/g)].map(([, hash]) => hash);
    expect(today.slice(0, then.length)).toEqual(then);
  }
});

describe.each(recordings)('data of an earlier version: %s', (recording) => {
  const database = `earlier_${randomUUID().slice(0, 8)}`;
  const server = requiredVariable('TEST_DATABASE_URL');
  const url = Object.assign(new URL(server), { pathname: `/${database}` }).href;
  let platform: Platform | undefined;
  let since: number;
  let recorded: { fills: number; orders: number };

  const counts = async () => {
    const [row] = await query<{ fills: number; orders: number }>(
      url,
      'select (select count(*) from trading.fills)::int as fills, (select count(*) from trading.orders)::int as orders',
    );
    return row as { fills: number; orders: number };
  };
  const check = async () =>
    (await platform?.get<BooksCheck>('orchestrator', `/api/v1/portfolio/check?account=${ACCOUNT}`))?.body;
  /** Symbols of which the paper broker holds something else than the ledger says. */
  const disagreements = () =>
    query(
      url,
      `with ledger as (
         select account_id, symbol, sum(case side when 'BUY' then 1 else -1 end * quantity::numeric) as quantity
         from trading.fills group by 1, 2),
       broker as (
         select account_id, symbol, sum(case side when 'BUY' then 1 else -1 end * t.quantity::numeric) as quantity
         from trading.paper_trades t join trading.paper_orders using (account_id, client_order_id) group by 1, 2)
       select * from ledger full join broker using (account_id, symbol)
       where ledger.quantity is distinct from broker.quantity`,
    );

  beforeAll(async () => {
    await query(server, `create database ${database}`);
    await query(url, contentOf(recording));
    recorded = await counts();
    since = Date.now();
    platform = await Platform.start({ DATABASE_URL: url, ADMIN_PASSWORD: PASSWORD });
  }, 120_000);

  afterAll(async () => {
    await platform?.dispose();
    await query(server, `drop database if exists ${database} with (force)`);
  });

  it('is kept, trades on, and agrees in every book', async () => {
    expect(recorded.fills).toBeGreaterThan(20);
    let standing: Account['trading'] | undefined;
    await waitFor(
      async () => {
        const { body = [] } = (await platform?.get<Account[]>('orchestrator', '/api/v1/accounts')) ?? {};
        standing = body.find(({ id }) => id === ACCOUNT)?.trading;
        return standing?.state === 'trading';
      },
      { timeoutMs: 60_000 },
    ).catch((cause: unknown) => {
      throw new Error(`the account does not trade: ${JSON.stringify(standing)}`, { cause });
    });

    // Positions of then may use up the account's limits until strategies close them: a person tries again.
    await waitFor(
      async () => {
        const order = {
          requestId: randomUUID(),
          accountId: ACCOUNT,
          symbol: 'SBIN',
          side: 'BUY',
          quantity: 1,
        };
        const placed = await platform?.call<Order>('orchestrator', 'POST', '/api/v1/orders', {
          ...order,
          type: 'MARKET',
          by: 'mira',
          reason: 'does it trade on?',
        });
        expect(placed?.status).toBe(201);
        const own = await waitFor(async () => {
          const found = await platform?.get<Order>('orchestrator', `/api/v1/orders/${placed?.body.id}`);
          return ['Filled', 'Denied'].includes(found?.body.status ?? '') && found?.body;
        });
        expect(own).toMatchObject({ status: 'Filled', rejection: null });
        return true;
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
    await waitFor(
      async () => {
        const all = await platform?.get<Order[]>('orchestrator', '/api/v1/orders?status=Filled&limit=200');
        return all?.body.some(
          ({ strategy, createdAt }) => strategy !== 'manual' && Date.parse(createdAt) >= since,
        );
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );

    expect(await waitFor(check)).toMatchObject({ agrees: true, differences: [] });
    // What the broker has just traded is booked a moment later.
    await waitFor(async () => (await disagreements()).length === 0, { everyMs: 20 });
    const now = await counts();
    expect(now.fills).toBeGreaterThan(recorded.fills + 1);
    expect(now.orders).toBeGreaterThan(recorded.orders + 1);
  }, 150_000);

  it('lets its user in with the password of then', async () => {
    const response = await fetch(platform?.url('dashboard', '/api/v1/auth/login') ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: PASSWORD }),
    });
    expect(response.status).toBe(200);
  });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function contentOf(recording: string): string {
  return gunzipSync(readFileSync(join(RECORDED, recording))).toString();
}
