import { CandleKeeper } from '../candles/candle.keeper';
import { RecordingPublisher } from '../testing/recording-publisher';
import { trade } from '../testing/updates';
import { MarketDataPipeline } from './market-data.pipeline';

describe('a trade that makes no price', () => {
  const NOON = Date.UTC(2026, 10, 27, 17);
  const sale = (afterMs: number, tradeId: string, overrides: object = {}) =>
    trade({ symbol: 'AAPL', price: 271.5, quantity: 100, eventTime: NOON + afterMs, tradeId, ...overrides });

  it('counts in the candle, and leaves last price, bar and age as they were', () => {
    const publisher = new RecordingPublisher();
    const candles = new CandleKeeper(null, false);
    const pipeline = new MarketDataPipeline('alpaca', publisher, candles, () => NOON);
    const oddLot = { price: 280, quantity: 3, setsPrice: false };
    pipeline.accept(sale(0, 'V:1', oddLot));
    expect(pipeline.newestTick).toBeUndefined();
    pipeline.accept(sale(1_000, 'V:2'));
    pipeline.accept(sale(2_000, 'V:3', oddLot));
    // A repetition, and one that was reported late.
    pipeline.accept(sale(2_000, 'V:3', oddLot));
    pipeline.accept(sale(500, 'V:4', { quantity: 200, price: 271.4 }));
    expect(pipeline.tick('AAPL')).toMatchObject({
      lastPrice: 271.5,
      lastQuantity: 100,
      tradedAt: NOON + 1_000,
      source: 'alpaca',
    });
    expect(candles.book.latest('AAPL', '1m', 1)).toEqual([
      { openTime: NOON, open: 271.4, high: 271.5, low: 271.4, close: 271.5, volume: 306, trades: 4 },
    ]);
    expect(pipeline.figures()).toMatchObject({ rejected: { duplicate: 1 }, missedTrades: 0 });
    pipeline.ended();
    expect(publisher.bars).toMatchObject([{ symbol: 'AAPL', high: 271.5, close: 271.5 }]);
  });
});
