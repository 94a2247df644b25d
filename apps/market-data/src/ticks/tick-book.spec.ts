import { quote, summary, TEN_O_CLOCK, trade } from '../testing/updates';
import { TickBook } from './tick-book';

const SESSION = {
  volume: 500,
  open: 1_390,
  high: 1_410,
  low: 1_385,
  previousClose: 1_380,
  openInterest: null,
};

describe('tick book', () => {
  it('knows the price of a summary as old as it is, and as no trade, until there is one', () => {
    const book = new TickBook('truedata');
    const HOURS = 18 * 3_600_000;
    const told = book.apply(summary({ eventTime: TEN_O_CLOCK - HOURS }), TEN_O_CLOCK, HOURS);
    expect(told).toMatchObject({ tradedAt: null, lagMs: HOURS });
    expect(book.apply(quote(), TEN_O_CLOCK + 100, 0)).toMatchObject({ tradedAt: null, lagMs: 0 });
    const traded = book.apply(trade({ eventTime: TEN_O_CLOCK }), TEN_O_CLOCK + 200, 20);
    expect(traded).toMatchObject({ tradedAt: TEN_O_CLOCK, lagMs: 20 });
    const again = book.apply(summary({ eventTime: TEN_O_CLOCK - HOURS }), TEN_O_CLOCK + 1_200, HOURS);
    expect(again).toMatchObject({ tradedAt: TEN_O_CLOCK, lagMs: 1_020 });
  });

  it('folds trade, session and quote into one tick', () => {
    const book = new TickBook('truedata');
    book.apply(trade({ price: 1_400, session: SESSION }), TEN_O_CLOCK + 40);
    expect(book.apply(quote(), TEN_O_CLOCK + 50)).toEqual({
      symbol: 'RELIANCE',
      assetClass: 'stock',
      lastPrice: 1_400,
      lastQuantity: 10,
      volume: 500,
      open: 1_390,
      high: 1_410,
      low: 1_385,
      previousClose: 1_380,
      change: 20,
      changePercent: 1.44927536,
      bid: 1_399.95,
      bidQuantity: 5,
      ask: 1_400.05,
      askQuantity: 7,
      openInterest: null,
      eventTime: TEN_O_CLOCK,
      tradedAt: TEN_O_CLOCK,
      receivedAt: TEN_O_CLOCK + 50,
      lagMs: 0,
      sequence: 2,
      source: 'truedata',
    });
  });

  it('makes no tick of a quote alone, and remembers it for the first trade', () => {
    const book = new TickBook('binance');
    expect(book.apply(quote(), TEN_O_CLOCK)).toBeUndefined();
    expect(book.size).toBe(0);
    expect(book.apply(trade(), TEN_O_CLOCK)).toMatchObject({ bid: 1_399.95, ask: 1_400.05, sequence: 1 });
  });

  it('keeps what a frame does not mention, and nothing it was never told', () => {
    const book = new TickBook('truedata');
    book.apply(trade({ session: SESSION }), TEN_O_CLOCK);
    const next = book.apply(trade({ session: { ...SESSION, previousClose: null } }), TEN_O_CLOCK);
    expect(next?.previousClose).toBe(1_380);
    expect(book.apply(trade({ symbol: 'ITC' }), TEN_O_CLOCK)).toMatchObject({
      previousClose: null,
      change: null,
    });
  });

  it('takes the price of a summary unless a later trade is known, and loses nothing by it', () => {
    const book = new TickBook('binance');
    book.apply(trade({ price: 1_400, eventTime: TEN_O_CLOCK }), TEN_O_CLOCK);
    book.apply(quote(), TEN_O_CLOCK);
    const older = summary({ price: 1_399, eventTime: TEN_O_CLOCK - 10 });
    const kept = { lastQuantity: 10, bid: 1_399.95, ask: 1_400.05, eventTime: TEN_O_CLOCK };
    expect(book.apply(older, TEN_O_CLOCK)).toMatchObject({ ...kept, lastPrice: 1_400, volume: 500 });
    const newer = summary({ price: 1_401, eventTime: TEN_O_CLOCK + 10 });
    expect(book.apply(newer, TEN_O_CLOCK)).toMatchObject({
      lastQuantity: 10,
      lastPrice: 1_401,
      bid: 1_399.95,
    });
  });

  it('never changes a tick it has handed out', () => {
    const book = new TickBook('truedata');
    const first = book.apply(trade({ price: 1 }), TEN_O_CLOCK);
    book.apply(trade({ price: 2 }), TEN_O_CLOCK);
    expect(first?.lastPrice).toBe(1);
  });

  it('stamps a quote without a time with the clock that read it, never backwards', () => {
    const book = new TickBook('replay');
    book.apply(trade({ eventTime: TEN_O_CLOCK + 1_300 }), TEN_O_CLOCK);
    const behind = book.apply(quote({ eventTime: null, readAt: TEN_O_CLOCK }), TEN_O_CLOCK);
    expect(behind?.eventTime).toBe(TEN_O_CLOCK + 1_300);
    const ahead = book.apply(quote({ eventTime: null, readAt: TEN_O_CLOCK + 2_000 }), TEN_O_CLOCK);
    expect(ahead?.eventTime).toBe(TEN_O_CLOCK + 2_000);
  });
});
