import { candleAt } from './live-candle';

const MINUTE_MS = 60_000;
const START = Date.UTC(2025, 8, 22, 4, 30);
const CANDLE = { openTime: START, open: 100, high: 104, low: 98, close: 101 };

describe('the live candle', () => {
  it('is moved by prices of its own interval', () => {
    expect(candleAt(CANDLE, { price: 105, time: START + MINUTE_MS - 1 }, MINUTE_MS)).toEqual({
      ...CANDLE,
      high: 105,
      close: 105,
    });
    expect(candleAt(CANDLE, { price: 97, time: START }, MINUTE_MS)).toEqual({
      ...CANDLE,
      low: 97,
      close: 97,
    });
  });

  it('closes at its boundary: the price after it begins the next one', () => {
    expect(candleAt(CANDLE, { price: 120, time: START + MINUTE_MS }, MINUTE_MS)).toEqual({
      openTime: START + MINUTE_MS,
      open: 120,
      high: 120,
      low: 120,
      close: 120,
    });
  });

  it('is not moved by a price from before it', () => {
    expect(candleAt(CANDLE, { price: 90, time: START - 1 }, MINUTE_MS)).toBeUndefined();
  });
});
