import { Logger } from '@nestjs/common';
import { eq, sql } from 'drizzle-orm';
import { createTestDatabase, type TestDatabase } from '../testing/test-database';
import { accounts } from '../trading/trading.schema';
import { Database, type Queryable } from './database';
import { LastStatement } from './last-statement';
import { statement } from './statement';

const ACCOUNT = { broker: 'paper', feed: 'replay', currency: 'USDT', capital: '1', cash: '1' } as const;

describe('statements and transactions', () => {
  let test: TestDatabase;
  let database: Database;

  const insert = (on: Queryable, id: string) => on.insert(accounts).values({ ...ACCOUNT, id });
  const stored = async () => (await database.orm.select().from(accounts)).map(({ id }) => id).sort();
  const lock = (on: Queryable) =>
    on.select().from(accounts).where(eq(accounts.id, 'FIRST')).for('share').execute();

  beforeAll(async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase(process.env['TEST_DATABASE_URL']);
  });
  beforeEach(async () => {
    // One connection: what one statement leaves behind the next one meets.
    database = new Database({ value: { url: test.url, applicationName: 'test', maxConnections: 1 } });
    database.onModuleInit();
    await database.whenReady();
    await database.orm.delete(accounts);
    await insert(database.orm, 'FIRST');
  });
  afterEach(() => database.onApplicationShutdown());
  afterAll(() => test.drop());

  it('are planned once, whatever they are asked with', async () => {
    for (const id of ['FIRST', 'SECOND', 'FIRST']) {
      const rows = await database.orm.select().from(accounts).where(eq(accounts.id, id));
      expect(rows).toHaveLength(id === 'FIRST' ? 1 : 0);
    }
    const { rows } = await database.orm.execute(
      sql`select generic_plans + custom_plans as uses from pg_prepared_statements where statement like '%"accounts"."id" = $1%'`,
    );
    expect(rows).toEqual([{ uses: '2' }]);
  });

  it('go on working when one of them fails', async () => {
    for (let time = 0; time < 4; time += 1) {
      await expect(insert(database.orm, 'FIRST').execute()).rejects.toThrow();
      await expect(stored()).resolves.toEqual(['FIRST']);
    }
  });

  it('go on when the plan of one has become impossible', async () => {
    const first = statement((on) =>
      on
        .select()
        .from(accounts)
        .where(eq(accounts.id, sql.placeholder('id')))
        .prepare('first'),
    );
    const read = () =>
      database.transactionWithLock(
        (on) => first(on).execute({ id: 'FIRST' }),
        async (_, rows) => rows.length,
      );
    for (let time = 0; time < 3; time += 1) await expect(read()).resolves.toBe(1);
    await database.orm.execute(sql`alter table trading.accounts alter column currency type varchar(20)`);
    await expect(read()).rejects.toThrow();
    for (let time = 0; time < 3; time += 1) await expect(read()).resolves.toBe(1);
  });

  it('of several commands are run as often as one likes', async () => {
    for (let time = 0; time < 3; time += 1) await database.orm.execute(sql`select 1; select 2`);
  });

  it('do not fill PostgreSQL with statements that differ each time', async () => {
    for (let length = 1; length <= 400; length += 1) {
      const list = sql.join(
        Array.from({ length }, () => sql`${'X'}`),
        sql`, `,
      );
      const query = sql`select 1 where 'FIRST' in (${list})`;
      await database.orm.execute(query);
      if (length > 50) await database.orm.execute(query);
    }
    const { rows } = await database.orm.execute(
      sql`select count(*)::int as prepared from pg_prepared_statements`,
    );
    expect(rows[0]?.['prepared']).toBeLessThanOrEqual(300);
  });

  it('store all of a transaction, and show the work what the lock found', async () => {
    const found = await database.transactionWithLock(lock, async (transaction, locked) => {
      await insert(transaction, 'SECOND');
      await insert(transaction, 'THIRD');
      return locked.map(({ id }) => id);
    });
    expect(found).toEqual(['FIRST']);
    await expect(stored()).resolves.toEqual(['FIRST', 'SECOND', 'THIRD']);
  });

  it('store nothing of a transaction whose work fails', async () => {
    const work = database.transactionWithLock(lock, async (transaction) => {
      await insert(transaction, 'SECOND');
      await insert(transaction, 'FIRST');
    });
    await expect(work).rejects.toThrow();
    await expect(stored()).resolves.toEqual(['FIRST']);
  });

  it('say so when the work swallows a failed statement: nothing is stored', async () => {
    const work = database.transactionWithLock(lock, async (transaction) => {
      await insert(transaction, 'SECOND');
      await insert(transaction, 'FIRST').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('nothing was stored');
    await expect(stored()).resolves.toEqual(['FIRST']);
  });

  it('store what their last statement does, sent together with the commit', async () => {
    const found = await database.transactionWithLock(lock, async (transaction, locked) => {
      await insert(transaction, 'SECOND');
      return new LastStatement(async () => {
        await insert(transaction, 'THIRD');
        return locked.length;
      });
    });
    expect(found).toBe(1);
    await expect(stored()).resolves.toEqual(['FIRST', 'SECOND', 'THIRD']);
  });

  it.each([
    ['is refused', (on: Queryable) => insert(on, 'FIRST')],
    ['never leaves', () => Promise.reject(new Error('not written'))],
  ])('store nothing when the last statement %s', async (_, last) => {
    const work = database.transactionWithLock(lock, async (transaction) => {
      await insert(transaction, 'SECOND');
      return new LastStatement(async () => last(transaction));
    });
    await expect(work).rejects.toThrow();
    await expect(stored()).resolves.toEqual(['FIRST']);
    await expect(insert(database.orm, 'SECOND').execute()).resolves.toBeDefined();
  });

  it('are seen at once though nobody waits for the disk, which the next one is', async () => {
    const setting = async (durable: boolean) =>
      database.transactionWithLock(
        lock,
        async (transaction) => {
          await insert(transaction, durable ? 'THIRD' : 'SECOND');
          const { rows } = await transaction.execute(sql`show synchronous_commit`);
          return rows[0]?.['synchronous_commit'];
        },
        { durable },
      );
    const usual = await setting(true);
    await expect(database.withoutDisk((on) => insert(on, 'THIRD').execute())).rejects.toThrow();
    await database.withoutDisk((on) => insert(on, 'FOURTH').execute());
    expect(await setting(false)).toBe('off');
    const { rows } = await database.orm.execute(sql`show synchronous_commit`);
    expect(rows[0]?.['synchronous_commit']).toBe(usual);
    await expect(stored()).resolves.toEqual(['FIRST', 'FOURTH', 'SECOND', 'THIRD']);
  });

  it('do not begin the work when the lock fails', async () => {
    const work = jest.fn();
    const refused = () => Promise.reject(new Error('not yours'));
    const refusedAtOnce = () => {
      throw new Error('not yours');
    };
    await expect(database.transactionWithLock(refused, work)).rejects.toThrow('not yours');
    await expect(database.transactionWithLock(refusedAtOnce, work)).rejects.toThrow('not yours');
    await expect(database.transactionWithLock((on) => on.execute(sql`select 1 / 0`), work)).rejects.toThrow();
    expect(work).not.toHaveBeenCalled();
    await expect(stored()).resolves.toEqual(['FIRST']);
  });

  it('store nothing when the connection breaks on the way, and go on with another', async () => {
    const work = database.transactionWithLock(lock, async (transaction) => {
      await insert(transaction, 'SECOND');
      await test.cutConnections();
      await insert(transaction, 'THIRD');
    });
    await expect(work).rejects.toThrow();
    await expect(stored()).resolves.toEqual(['FIRST']);
  });

  it('hold the lock until the transaction ends', async () => {
    const other = new Database({ value: { url: test.url, applicationName: 'other' } });
    other.onModuleInit();
    await other.whenReady();
    const order: string[] = [];
    let change: Promise<void> | undefined;
    await database.transactionWithLock(lock, async () => {
      change = other.orm
        .update(accounts)
        .set({ enabled: false })
        .where(eq(accounts.id, 'FIRST'))
        .then(() => void order.push('changed by another'));
      // Without the lock it would never wait, and this test not end.
      for (let waiting = 0; waiting === 0;) {
        const { rows } = await other.orm.execute<{ waiting: number }>(sql`select count(*)::int as waiting
          from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
        waiting = rows[0]?.waiting ?? 0;
      }
      order.push('work ends');
    });
    await change;
    expect(order).toEqual(['work ends', 'changed by another']);
    await other.onApplicationShutdown();
  });

  it('are put together once per connection', async () => {
    const build = jest.fn((on: Queryable) =>
      on
        .select({ id: accounts.id })
        .from(accounts)
        .where(eq(accounts.id, sql.placeholder('id')))
        .prepare('by_id'),
    );
    const byId = statement(build);
    for (const id of ['FIRST', 'SECOND', 'FIRST']) {
      await expect(byId(database.orm).execute({ id })).resolves.toEqual(id === 'FIRST' ? [{ id }] : []);
      await expect(
        database.transactionWithLock(
          (on) => byId(on).execute({ id }),
          async (_, rows) => rows.length,
        ),
      ).resolves.toBe(id === 'FIRST' ? 1 : 0);
    }
    expect(build).toHaveBeenCalledTimes(2);
  });
});
