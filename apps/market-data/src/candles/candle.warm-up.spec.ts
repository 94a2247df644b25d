import { Logger } from '@nestjs/common';
import { ReplayFeed } from '../feeds/replay/replay.feed';
import { RecordingSink } from '../testing/recording-sink';
import { until } from '@tickbridge/shared-cache/testing';
import type { StoredCandle } from '../bars/candle';
import { CandleKeeper } from './candle.keeper';
import { CandleWarmUp } from './candle.warm-up';

const MINUTE_MS = 60_000;
const OPEN = Date.UTC(2025, 8, 22, 4, 30);

const minute = (index: number, volume: number): StoredCandle => ({
  openTime: OPEN + index * MINUTE_MS,
  open: 10,
  high: 12,
  low: 9,
  close: 11,
  volume,
  trades: null,
});

/** A feed that is connected and delivers nothing. */
class QuietFeed extends ReplayFeed {
  constructor() {
    super({ files: [], speed: 'max', symbols: ['ITC'] }, new RecordingSink());
  }

  override connection() {
    return { ...super.connection(), connected: true };
  }
}

describe('history of the candles', () => {
  let loads: number;
  let volume: number;
  let minuteIsOver: () => number;
  let candles: CandleKeeper;
  let warmUp: CandleWarmUp;

  beforeEach(() => {
    loads = 0;
    volume = 100;
    minuteIsOver = () => 600_000;
    candles = new CandleKeeper(null, true);
    const history = {
      minutes: () => {
        loads += 1;
        return Promise.resolve([minute(0, 50), minute(1, volume)]);
      },
    };
    warmUp = new CandleWarmUp({ history, symbols: ['ITC'], pauseMs: 0 }, new QuietFeed(), candles, () =>
      minuteIsOver(),
    );
  });

  afterEach(() => warmUp.end());

  it('is loaded at once, and once more when the minute of the start is over', async () => {
    minuteIsOver = () => 0;
    warmUp.begin();
    await until('both loads', () => loads === 2);
    expect(candles.book.latest('ITC', '1m', 10).map((candle) => candle.volume)).toEqual([50, 100]);
  });

  it('fills a candle that lacks trades, and leaves one alone that has more of them', async () => {
    candles.addTrade({ symbol: 'ITC', eventTime: OPEN + 5_000, price: 10, quantity: 70 });
    candles.addTrade({ symbol: 'ITC', eventTime: OPEN + MINUTE_MS, price: 10, quantity: 1 });
    warmUp.begin();
    await until('the history', () => candles.book.latest('ITC', '1m', 10)[1]?.volume === 100);
    expect(candles.book.latest('ITC', '1m', 10)[0]?.volume).toBe(70);
  });

  it('is loaded again after a long outage, when the running minute is over, and not before', async () => {
    warmUp.begin();
    await until('the first load', () => loads === 1);
    warmUp.again();
    expect(loads).toBe(1);
    minuteIsOver = () => 0;
    volume = 130;
    warmUp.again();
    await until('the second load', () => candles.book.latest('ITC', '1m', 10)[1]?.volume === 130);
    expect(loads).toBe(2);
  });

  it('leaves out candles that do not begin on their minute, counts them and says it once', async () => {
    const warnings = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const odd = (offsetMs: number) => ({ ...minute(0, 500), openTime: OPEN + offsetMs });
    await candles.addHistory('ITC', '1m', [minute(0, 50), odd(30_000), odd(60_001), minute(2, 70)]);
    await candles.addHistory('ITC', '1m', [odd(Number.NaN)]);
    expect(candles.book.latest('ITC', '1m', 10).map(({ volume: traded }) => traded)).toEqual([50, 70]);
    expect(candles.figures()).toMatchObject({ misplaced: 3, refused: 0 });
    expect(warnings).toHaveBeenCalledTimes(1);
    warnings.mockRestore();
  });
});
