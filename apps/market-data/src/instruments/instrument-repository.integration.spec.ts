import { createTestDatabase, Database, selectCalendarsBeside, type TestDatabase } from '@tickbridge/database';
import { aPair } from '../testing/instruments';
import '../testing/quiet-log';
import { InstrumentRepository } from './instrument.repository';

const FIRST = new Date('2026-11-28T00:00:00.000Z');
const SECOND = new Date('2026-11-29T00:00:00.000Z');
const LIST = 'exchangeInfo of here';
const pair = (symbol: string, values = {}) => aPair(symbol, { source: LIST, name: null, ...values });
const PERPETUAL = { kind: 'future', underlying: 'BTC', expiry: null, strike: null, multiplier: 1 } as const;

describe('instruments in PostgreSQL', () => {
  let database: TestDatabase;
  let connection: Database;
  let repository: InstrumentRepository;

  beforeAll(async () => {
    database = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    connection = new Database({
      value: { url: database.url, applicationName: 'instruments', maxConnections: 2 },
    });
    connection.onModuleInit();
    await connection.whenReady();
    repository = new InstrumentRepository(connection);
    const list = [
      pair('SUSDT'),
      pair('PEPEUSDT', { name: 'PEPE/USDT', aliases: ['PEPE/USDT'], minNotional: 5 }),
      pair('OLDUSDT'),
      pair('OLDFUT', { derivative: PERPETUAL }),
    ];
    await repository.save('binance', LIST, list, { readAt: FIRST, isWhole: true });
  });

  afterAll(async () => {
    await connection.onApplicationShutdown();
    await database.drop();
  });

  const search = (text: string, more = {}) =>
    repository.search({ search: text, limit: 10, offset: 0, ...more });
  const symbols = async (text: string, more = {}) =>
    (await search(text, more)).instruments.map(({ symbol }) => symbol);

  it('are found by symbol and alias, the very name first', async () => {
    expect((await repository.named('binance', ['PEPE/USDT'])).map(({ symbol }) => symbol)).toEqual([
      'PEPEUSDT',
    ]);
    expect(await symbols('susdt')).toEqual(['SUSDT']);
    expect(await symbols('usdt')).toEqual(['SUSDT', 'OLDUSDT', 'PEPEUSDT']);
    expect(await symbols('%')).toEqual([]);
    expect(await symbols('', { feed: 'truedata' })).toEqual([]);
    expect(await search('usdt', { limit: 1, offset: 1 })).toMatchObject({ total: 3, instruments: [{}] });
  });

  it('keep what comes with the platform only where no list has described it', async () => {
    await repository.addKnown([pair('SUSDT', { minNotional: 99, source: 'a file' }), pair('FILEUSDT')]);
    const [described] = await repository.named('binance', ['SUSDT']);
    expect(described).toMatchObject({ minNotional: 5, source: LIST });
    expect(await symbols('FILEUSDT')).toEqual(['FILEUSDT']);
  });

  it('record what a newer list changes, and what it leaves out', async () => {
    const newer = [
      pair('SUSDT'),
      pair('PEPEUSDT', { name: 'PEPE/USDT', aliases: ['PEPE/USDT'], minNotional: 1 }),
    ];
    const changed = await repository.save('binance', LIST, newer, { readAt: SECOND, isWhole: true });
    expect([...changed].sort()).toEqual(['FILEUSDT', 'OLDFUT', 'OLDUSDT', 'PEPEUSDT']);
    expect(await repository.changes('binance', 'PEPEUSDT', 10)).toEqual([
      {
        feed: 'binance',
        symbol: 'PEPEUSDT',
        changedAt: SECOND.toISOString(),
        source: LIST,
        before: { minNotional: 5 },
        after: { minNotional: 1 },
      },
    ]);
    expect(await repository.changes('binance', 'SUSDT', 10)).toEqual([]);
    expect(await repository.changes('binance', 'OLDUSDT', 10)).toMatchObject([
      { after: { status: 'delisted' } },
    ]);
    // What expires by its nature leaves its list every week.
    expect(await repository.changes('binance', 'OLDFUT', 10)).toEqual([]);
    expect(await symbols('', { status: 'delisted' })).toEqual(expect.arrayContaining(['OLDFUT', 'OLDUSDT']));
    expect(await repository.symbols('binance')).toEqual(expect.not.arrayContaining(['OLDUSDT']));
  });

  it('remember how each list was read, and what the last good reading counted', async () => {
    const reading = { feed: 'binance', source: LIST, instruments: 2, unreadableRows: 1 } as const;
    await repository.recordReading({ ...reading, readAt: SECOND, lastError: null });
    await repository.recordReading({ ...reading, instruments: 0, readAt: null, lastError: 'away' });
    expect(await repository.lists()).toEqual([
      { ...reading, readAt: SECOND.toISOString(), lastError: 'away' },
    ]);
  });

  it('takes a list of three thousand in a few statements', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => pair(`C${index}USDT`));
    await repository.save('binance', 'many', many, { readAt: SECOND, isWhole: true });
    expect((await search('', { limit: 1 })).total).toBe(3_005);
  });

  it('tell which of them trade by another calendar than the others', async () => {
    const share = (symbol: string, calendar: string | null) => pair(symbol, { feed: 'truedata', calendar });
    const list = [share('CRUDEOIL', 'MCX'), share('INFY', 'NSE_EQUITY'), share('NOBODY', null)];
    await repository.save('truedata', 'of NSE', list, { readAt: FIRST, isWhole: true });
    const beside = await selectCalendarsBeside(connection.orm, 'truedata', 'NSE_EQUITY');
    expect([...beside]).toEqual([['CRUDEOIL', 'MCX']]);
  });
});
