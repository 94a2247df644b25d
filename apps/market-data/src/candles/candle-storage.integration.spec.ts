import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { CANDLE_INTERVAL_MS, type CandleInterval } from '@tickbridge/contracts';
import { createTestDatabase, Database, feedLeases, type TestDatabase } from '@tickbridge/database';
import { FaultProxy, waitFor } from '@tickbridge/shared-cache/testing';
import { requiredVariable } from '../../test/service-process';
import { ReplayFeed } from '../feeds/replay/replay.feed';
import { MarketDataPipeline } from '../market/market-data.pipeline';
import { RecordingPublisher } from '../testing/recording-publisher';
import { CandleKeeper } from './candle.keeper';
import { CANDLE_INTERVALS, CANDLE_POLICY } from './candle.policy';
import { CandleReader } from './candle.reader';
import { CandleRepository } from './candle.repository';
import { CandleRetention } from './candle.retention';

const RECORDING = join(__dirname, '../../../../../shared/data/binance_spot_ws/btcusdt_20240808.gz');
if (!existsSync(RECORDING)) {
  process.stderr.write(
    'recorded market data not found in ../shared/data: the fold of a recorded day is skipped\n',
  );
}
const itRecorded = existsSync(RECORDING) ? it : it.skip;

const MINUTE = 60_000;
/** A round time shortly before now, so that candles are as fresh as live ones. */
const START = Math.floor(Date.now() / 86_400_000) * 86_400_000;

describe('candles in PostgreSQL', () => {
  let test: TestDatabase;
  let proxy: FaultProxy;
  let database: Database;
  const keepers: CandleKeeper[] = [];

  beforeAll(async () => {
    test = await createTestDatabase(requiredVariable('TEST_DATABASE_URL'));
    proxy = await FaultProxy.to(Number(new URL(test.url).port));
    const detour = new URL(test.url);
    detour.port = String(proxy.port);
    database = new Database({ value: { url: detour.href, applicationName: 'test', maxConnections: 4 } });
    database.onModuleInit();
    await database.whenReady();
  });

  afterEach(async () => {
    proxy.heal();
    await Promise.all(keepers.splice(0).map((keeper) => keeper.end()));
    await database.orm.execute('truncate market.candles, market.feed_leases');
  });

  afterAll(async () => {
    await database.onApplicationShutdown();
    await proxy.close();
    await test.drop();
  });

  const repository = () => new CandleRepository(database, 'binance');
  const keeperAt = (now: () => number = () => START + 30_000, continues = true) => {
    const keeper = new CandleKeeper(repository(), continues, now);
    keepers.push(keeper);
    return keeper;
  };
  const trade = (offsetMs: number, price: number, symbol = 'BTCUSDT', quantity = 0.1) => {
    return { symbol, eventTime: START + offsetMs, price, quantity };
  };
  const stored = (interval: CandleInterval, symbol = 'BTCUSDT') =>
    repository().latest(symbol, interval, 1_000);

  itRecorded('hold the fold of a recorded file in every interval', async () => {
    const keeper = keeperAt(Date.now, false);
    const pipeline = new MarketDataPipeline('replay', new RecordingPublisher(), keeper);
    keeper.begin(1);
    const feed = new ReplayFeed({ files: [RECORDING], speed: 'max', symbols: null }, pipeline);
    await feed.connect();
    await waitFor(() => feed.connection().state === 'finished', { timeoutMs: 30_000 });
    await keeper.end();
    expect(keeper.figures()).toMatchObject({ waiting: 0, givenUp: 0, lateDropped: 0 });

    const folds = await foldOf(RECORDING);
    for (const interval of CANDLE_INTERVALS) {
      const expected = folds.get(interval) as Fold[];
      const found = await stored(interval);
      expect([interval, found.length]).toEqual([interval, expected.length]);
      expect(found).toEqual(expected);
    }
    process.stderr.write(
      `    ${keeper.figures().written} candle states in ${keeper.figures().batches} statements\n`,
    );
  });

  it('lose nothing while PostgreSQL is away, and hold nobody up', async () => {
    let now = START;
    const keeper = keeperAt(() => now);
    keeper.begin(1);
    keeper.addTrade(trade(0, 100));
    await waitFor(async () => (now += 2_000) && (await stored('1s')).length === 1);
    proxy.refuse();
    for (let second = 1; second <= 600; second++) keeper.addTrade(trade(second * 1_000, 100 + second));
    now = START + 600_000;
    await waitFor(() => keeper.figures().storing === false);
    // Of the growing candles one state each waits, however often they changed.
    expect(keeper.figures().waiting).toBeLessThan(600 + 120 + 30);
    proxy.heal();
    await waitFor(async () => (await stored('1s')).length >= 600);
    await keeper.end();
    expect((await stored('1s')).map(({ close }) => close)).toEqual(
      Array.from({ length: 601 }, (_, second) => 100 + second),
    );
    expect(keeper.figures()).toMatchObject({ waiting: 0, givenUp: 0, storing: true });
  });

  it('wait in a bounded queue: the oldest of the shortest go first, and are counted', async () => {
    proxy.refuse();
    const keeper = keeperAt();
    keeper.begin(1);
    const { waiting } = CANDLE_POLICY['1s'];
    for (let second = 0; second <= waiting + 50; second++) keeper.addTrade(trade(second * 1_000, 100));
    expect(keeper.figures().givenUp).toBe(50);
    proxy.heal();
    await keeper.end();
    const seconds = await repository().latest('BTCUSDT', '1s', waiting * 2);
    // The unfinished one came last, and one more had to go for it.
    expect(seconds).toHaveLength(waiting);
    expect(seconds[0]?.openTime).toBe(START + 51_000);
    expect((await stored('1h')).reduce((sum, { trades }) => sum + (trades ?? 0), 0)).toBe(waiting + 51);
  });

  it('go on after a restart, also when PostgreSQL comes later than the first trades', async () => {
    const first = keeperAt(() => START + 20_000);
    first.begin(1);
    first.addTrade(trade(10_000, 100));
    first.addTrade(trade(15_000, 120));
    await first.end();

    proxy.refuse();
    const second = keeperAt(() => START + 30_000);
    second.begin(2);
    second.addTrade(trade(40_000, 90));
    second.addTrade(trade(70_000, 95));
    await waitFor(() => second.figures().storing === false);
    proxy.heal();
    await second.end();
    expect(await stored('1m')).toEqual([
      { openTime: START, open: 100, high: 120, low: 90, close: 90, volume: 0.3, trades: 3 },
      { openTime: START + MINUTE, open: 95, high: 95, low: 95, close: 95, volume: 0.1, trades: 1 },
    ]);
    expect(await stored('1d')).toMatchObject([
      { open: 100, high: 120, low: 90, close: 95, volume: 0.4, trades: 4 },
    ]);
    const { candles, source } = await new CandleReader(keeperAt(), repository()).latest('BTCUSDT', '1m', 10);
    expect([candles.length, source]).toEqual([2, 'memory+postgresql']);
  });

  it('are amended by late trades, also when they were stored before', async () => {
    let now = START + 5_000;
    const keeper = keeperAt(() => now);
    keeper.begin(1);
    keeper.addTrade(trade(0, 100));
    keeper.addTrade(trade(3_000, 101));
    await waitFor(async () => (await stored('1s')).length === 1);
    keeper.addTrade(trade(500, 150));
    await waitFor(async () => (await stored('1s'))[0]?.high === 150);
    now += 10_000;
    await keeper.end();
    expect((await stored('1s'))[0]).toMatchObject({ open: 100, close: 150, trades: 2 });
  });

  it('are refused from an instance whose lease another one took', async () => {
    await database.orm
      .insert(feedLeases)
      .values({ feed: 'binance', holder: 'other', fence: 7, expiresAt: new Date() });
    const candle = {
      ...({ symbol: 'BTCUSDT', interval: '1m', openTime: START } as const),
      open: 1,
      high: 1,
      low: 1,
      close: 1,
      volume: 1,
      trades: 1,
    };
    expect(await repository().write([candle], 6)).toBe(0);
    expect(await repository().write([candle], 7)).toBe(1);
  });

  it('take any name for a symbol, and one that PostgreSQL cannot store holds up no other', async () => {
    const keeper = keeperAt();
    keeper.begin(1);
    const names = [`'; drop table market.candles; --`, '{"a",b}', 'L&TFH \\ "NIFTY" 50', '–☃𝄞', 'NULL', ''];
    for (const name of [...names, 'no\u0000such']) keeper.addTrade(trade(0, 100, name));
    await keeper.end();
    for (const name of names) expect(await stored('1m', name)).toHaveLength(1);
    expect(keeper.figures()).toMatchObject({ waiting: 0, refused: CANDLE_INTERVALS.length });
  });

  it('are filled by a vendor history where they are missing or lack trades', async () => {
    const keeper = keeperAt();
    keeper.begin(1);
    keeper.addTrade(trade(0, 100));
    await keeper.end();
    keeper.begin(2);
    const old = { open: 1, high: 1, low: 1, close: 1, trades: null };
    await keeper.addHistory('BTCUSDT', '1m', [
      { openTime: START - MINUTE, volume: 3, ...old },
      { openTime: START, volume: 0.05, ...old },
    ]);
    expect((await stored('1m')).map(({ close }) => close)).toEqual([1, 100]);
    await keeper.addHistory('BTCUSDT', '1m', [{ openTime: START, volume: 2, ...old }]);
    expect((await stored('1m')).map(({ volume }) => volume)).toEqual([3, 2]);
  });

  it('have a vendor history in memory when PostgreSQL is away', async () => {
    const keeper = keeperAt();
    keeper.begin(1);
    proxy.refuse();
    const old = { open: 1, high: 1, low: 1, close: 1, volume: 3, trades: null };
    await keeper.addHistory('BTCUSDT', '1m', [{ openTime: START - MINUTE, ...old }]);
    expect(keeper.book.latest('BTCUSDT', '1m', 5)).toEqual([{ openTime: START - MINUTE, ...old }]);
  });

  it('are deleted by age and interval, in pieces', async () => {
    const days = (count: number) => START - count * 86_400_000;
    const batch = (['1s', '1m', '1d'] as const).flatMap((interval) =>
      [0, 2, 200].map((age) => {
        const figures = { open: 1, high: 1, low: 1, close: 1, volume: 1, trades: 1 };
        return { symbol: 'BTCUSDT', interval, openTime: days(age), ...figures };
      }),
    );
    await repository().write(batch, 1);
    const retention = new CandleRetention(repository(), () => START);
    await retention.sweep();
    expect(
      await Promise.all((['1s', '1m', '1d'] as const).map(async (i) => (await stored(i)).length)),
    ).toEqual([...[1, 2, 3]]);
    expect(retention.deletedCandles).toBe(3);
    await repository().write(batch, 1);
    expect(await repository().deleteBefore('1m', days(0), 1)).toBe(1);
    // Without anything to go by nothing is too old.
    await new CandleRetention(repository(), () => null).sweep();
    expect((await stored('1s')).length).toBe(3);
  });

  it('come from memory alone when PostgreSQL is away or mute, and say so', async () => {
    const keeper = keeperAt();
    keeper.begin(1);
    keeper.addTrade(trade(0, 100));
    const reader = new CandleReader(keeper, repository());
    expect(await reader.latest('BTCUSDT', '1m', 5)).toMatchObject({ source: 'memory+postgresql' });
    proxy.blackHole();
    const askedAt = performance.now();
    const answer = await reader.latest('BTCUSDT', '1m', 5);
    expect(performance.now() - askedAt).toBeLessThan(1_000);
    expect(answer).toMatchObject({ source: 'memory', candles: [{ close: 100 }] });
    proxy.heal();
    proxy.drop();
    const without = await new CandleReader(keeper, null).latest('BTCUSDT', '1m', 5);
    expect(without).toMatchObject({ source: 'memory', candles: [{ close: 100 }] });
  });
});

interface Fold {
  openTime: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  trades: number;
}

/** The candles of a recording by the plainest means, sharing no code with the platform; volumes in whole 1e-8. */
async function foldOf(path: string): Promise<Map<CandleInterval, Fold[]>> {
  const folds = new Map(
    CANDLE_INTERVALS.map((interval) => [interval, new Map<number, Fold & { units: bigint }>()]),
  );
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    if (!line.includes('@trade"')) continue;
    const { data } = JSON.parse(line.slice(line.indexOf(' ') + 1)) as {
      data: { T: number; p: string; q: string };
    };
    const price = Number(data.p);
    const [whole = '0', fraction = ''] = data.q.split('.');
    const units = BigInt(whole + fraction.padEnd(8, '0'));
    for (const [interval, candles] of folds) {
      const openTime = data.T - (data.T % CANDLE_INTERVAL_MS[interval]);
      const candle = candles.get(openTime);
      if (candle === undefined) {
        const volume = 0;
        candles.set(openTime, {
          openTime,
          open: price,
          high: price,
          low: price,
          close: price,
          volume,
          trades: 1,
          units,
        });
        continue;
      }
      if (price > candle.high) candle.high = price;
      if (price < candle.low) candle.low = price;
      candle.close = price;
      candle.trades += 1;
      candle.units += units;
    }
  }
  return new Map(
    [...folds].map(([interval, candles]) => [
      interval,
      [...candles.values()].map(({ units, ...candle }) => ({ ...candle, volume: Number(units) / 1e8 })),
    ]),
  );
}
