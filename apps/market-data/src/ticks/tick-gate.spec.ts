import fc from 'fast-check';
import { quote, TEN_O_CLOCK, trade } from '../testing/updates';
import type { MarketUpdate } from './market-update';
import { FUTURE_TOLERANCE_MS, TickGate } from './tick-gate';

const NO_SIZES = { bidQuantity: null, askQuantity: null };

describe('tick gate', () => {
  it.each<[string, MarketUpdate]>([
    ['not-a-number', trade({ price: Number.NaN })],
    ['not-a-number', trade({ price: Number.POSITIVE_INFINITY })],
    ['not-a-number', trade({ quantity: Number.NaN })],
    ['zero-price', trade({ price: 0 })],
    ['negative-price', trade({ price: -1_400 })],
    ['not-a-number', quote({ quote: { bid: Number.NaN, ask: 1, ...NO_SIZES } })],
    ['negative-price', quote({ quote: { bid: 1, ask: -2, ...NO_SIZES } })],
    ['malformed', trade({ eventTime: Number.NaN })],
    ['malformed', trade({ tradeNumber: Number.NaN })],
    ['malformed', trade({ tradeNumber: 1.5 })],
    ['future', trade({ eventTime: TEN_O_CLOCK + FUTURE_TOLERANCE_MS + 1, readAt: TEN_O_CLOCK })],
  ])('rejects as %s', (reason, update) => {
    const gate = new TickGate();
    expect(gate.judge(update)).toBe(reason);
    expect(gate.tradesBySymbol()).toEqual({});
  });

  it('lets an exchange clock run ahead of ours within the tolerance', () => {
    const ahead = trade({ eventTime: TEN_O_CLOCK + FUTURE_TOLERANCE_MS, readAt: TEN_O_CLOCK });
    expect(new TickGate().judge(ahead)).toBeNull();
  });

  it('knows a trade it has seen, and one that comes too late, by its number', () => {
    const gate = new TickGate();
    expect(gate.judge(trade({ tradeNumber: 7 }))).toBeNull();
    expect(gate.judge(trade({ tradeNumber: 7 }))).toBe('duplicate');
    expect(gate.judge(trade({ tradeNumber: 6 }))).toBe('out-of-order');
    expect(gate.judge(trade({ tradeNumber: 8 }))).toBeNull();
    expect(gate.tradesBySymbol()).toEqual({ RELIANCE: 2 });
  });

  it('judges each symbol by its own history', () => {
    const gate = new TickGate();
    gate.judge(trade({ tradeNumber: 7 }));
    expect(gate.judge(trade({ symbol: 'ITC', tradeNumber: 3, eventTime: TEN_O_CLOCK - 60_000 }))).toBeNull();
  });

  it('rejects what is older than the newest event of the symbol', () => {
    const gate = new TickGate();
    gate.judge(trade());
    expect(gate.judge(trade({ eventTime: TEN_O_CLOCK - 1 }))).toBe('out-of-order');
    expect(gate.judge(quote({ eventTime: TEN_O_CLOCK - 1 }))).toBe('out-of-order');
    expect(gate.judge(quote({ eventTime: TEN_O_CLOCK }))).toBeNull();
    expect(gate.judge(quote({ eventTime: null }))).toBeNull();
  });

  it('leaves no trace of a rejected update', () => {
    const gate = new TickGate();
    gate.judge(trade({ tradeNumber: 9, price: 0 }));
    expect(gate.judge(trade({ tradeNumber: 8 }))).toBeNull();
  });

  it('counts trades that were numbered but never came', () => {
    const gate = new TickGate();
    for (const tradeNumber of [1, 2, 5, 6]) gate.judge(trade({ tradeNumber }));
    expect(gate.missedTrades).toBe(2);
  });

  it('lets numbers begin anew with a new connection, but not time', () => {
    const gate = new TickGate();
    gate.judge(trade({ tradeNumber: 900 }));
    gate.forgetTradeNumbers();
    expect(gate.judge(trade({ tradeNumber: 1, eventTime: TEN_O_CLOCK - 1 }))).toBe('out-of-order');
    expect(gate.judge(trade({ tradeNumber: 1 }))).toBeNull();
    expect(gate.missedTrades).toBe(0);
  });

  it('passes exactly the rising sequence out of any shuffled and repeated delivery', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 100 }), (numbers) => {
        const gate = new TickGate();
        const passed = numbers.filter((tradeNumber) => gate.judge(trade({ tradeNumber })) === null);
        const records = numbers.filter((number, index) => number > Math.max(0, ...numbers.slice(0, index)));
        expect(passed).toEqual(records);
      }),
    );
  });
});
