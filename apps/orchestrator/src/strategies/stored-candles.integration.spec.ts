import {
  type Bar,
  barCloseTime,
  CANDLE_INTERVAL_MS,
  type CandleInterval,
  DEFAULT_EXITS,
} from '@tickbridge/contracts';
import { candles, createTestDatabase, Database, type TestDatabase } from '@tickbridge/database';
import { BarFolder, Calendars, STRATEGIES } from '@tickbridge/trading-core';
import { TradingFeed } from '../market/trading-feed';
import { coinWalk } from '../testing/coin-walk';
import { BarHistory } from './bar-history';
import { RunningStrategy } from './running-strategy';
import { StoredCandles } from './stored-candles';

const INTERVALS: readonly CandleInterval[] = ['5s', '1m', '5m', '15m', '1h'];
const calendars = new Calendars();
const live = new TradingFeed('binance', calendars);
const bars = coinWalk(6_000);
/** A restart in the middle of a bar, whatever its length. */
const RESTART = bars[0]!.openTime + 2_471 * 5_000;

describe('a strategy that starts again', () => {
  const clock = { now: () => RESTART, observe: () => undefined };
  let server: TestDatabase;
  let database: Database;
  let stored: StoredCandles;

  beforeAll(async () => {
    server = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    database = new Database({ value: { url: server.url, applicationName: 'test', maxConnections: 2 } });
    database.onModuleInit();
    await database.whenReady();
    stored = new StoredCandles(database, clock);
    // As market-data leaves them: what is finished, and longer ones as they grow.
    const before = bars.filter((bar) => barCloseTime(bar) <= RESTART);
    for (const interval of INTERVALS) {
      const rows = candlesOf(before, CANDLE_INTERVAL_MS[interval]);
      for (let at = 0; at < rows.length; at += 1_000) {
        await database.orm.insert(candles).values(rows.slice(at, at + 1_000));
      }
    }
  }, 60_000);

  afterAll(async () => {
    await database.onApplicationShutdown();
    await server.drop();
  });

  it.each(['5s', '1m', '5m', '15m'] as const)(
    'goes on in bars of %s as if it had never stopped',
    async (timeframe) => {
      const settings = {
        enabled: true,
        parameters: { lookbackBars: 6, breakoutAtr: 0.1, volumeFactor: 0.2, cooldownBars: 3 },
        timeframe,
        leastEdge: null,
        exits: DEFAULT_EXITS,
        product: null,
        suspended: null,
      };
      const run = (strategy: RunningStrategy, shown: readonly Bar[]) =>
        shown.flatMap((bar) => strategy.onBar(bar, { source: 'binance', now: barCloseTime(bar) }));
      const whole = new RunningStrategy(STRATEGIES[0]!, [live], new BarHistory());
      whole.use(settings);
      const expected = run(whole, bars).filter(({ barTime }) => Date.parse(barTime) > RESTART);
      expect(expected.length).toBeGreaterThan(1);

      const again = new RunningStrategy(STRATEGIES[0]!, [live], new BarHistory());
      again.use(settings, new Map([['binance', await stored.before(live, timeframe)]]));
      expect(again.status()).toMatchObject({ symbols: 3, warmSymbols: 3, timeframe });
      // The feed sends its last minutes again.
      const resent = bars.filter(({ openTime }) => openTime >= RESTART - 120_000);
      const signals = run(again, resent).filter(({ barTime }) => Date.parse(barTime) > RESTART);
      expect(signals).toEqual(expected);
    },
  );

  it('takes on another length of bars in the middle of one, with all that it saw since', async () => {
    const entry = STRATEGIES[0]!;
    const history = new BarHistory();
    const strategy = new RunningStrategy(entry, [live], history);
    const terms = {
      leastEdge: null,
      enabled: true,
      parameters: {},
      exits: DEFAULT_EXITS,
      product: null,
      suspended: null,
    };
    for (const bar of bars.filter(({ openTime }) => openTime >= RESTART - 600_000))
      history.add('binance', bar);
    const settings = { ...terms, timeframe: '15m' as const };
    expect(strategy.beginsAnew({ ...terms, timeframe: entry.timeframe })).toBe(false);
    expect(strategy.beginsAnew(settings)).toBe(true);
    strategy.use(settings, new Map([['binance', await stored.before(live, '15m')]]));
    expect(strategy.status()).toMatchObject({ timeframe: '15m', warmSymbols: 3 });
  });

  it('learns nothing of a recorded market that an earlier run has stored: it tells what comes', async () => {
    expect(await stored.before(new TradingFeed('replay', calendars), '1m')).toEqual([]);
  });
});

function candlesOf(shorter: readonly Bar[], intervalMs: number) {
  const folder = new BarFolder(intervalMs);
  const folded = shorter.flatMap((bar) => folder.take(bar));
  return folded.map(({ symbol, openTime, open, high, low, close, volume, trades }) => ({
    feed: 'binance' as const,
    symbol,
    intervalMs,
    openTime: new Date(openTime),
    open,
    high,
    low,
    close,
    volume,
    trades,
  }));
}
