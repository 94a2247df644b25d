import fc from 'fast-check';
import { quote, summary, TEN_O_CLOCK, trade } from '../testing/updates';
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
    expect(new TickGate().judge(ahead)).toBe('pass');
  });

  it('knows a trade it has seen, and one that comes too late, by its number', () => {
    const gate = new TickGate();
    expect(gate.judge(trade({ tradeNumber: 7 }))).toBe('pass');
    expect(gate.judge(trade({ tradeNumber: 7 }))).toBe('duplicate');
    expect(gate.judge(trade({ tradeNumber: 6 }))).toBe('out-of-order');
    expect(gate.judge(trade({ tradeNumber: 8 }))).toBe('pass');
    expect(gate.tradesBySymbol()).toEqual({ RELIANCE: 2 });
  });

  it('knows a trade it has seen by an id that says nothing of order, and takes an unseen older one as late', () => {
    const gate = new TickGate();
    expect(gate.judge(trade({ tradeId: 'V:96921' }))).toBe('pass');
    expect(gate.judge(trade({ tradeId: 'V:96921' }))).toBe('duplicate');
    expect(gate.judge(trade({ tradeId: 'V:12' }))).toBe('pass');
    expect(gate.judge(trade({ tradeId: 'V:7', eventTime: TEN_O_CLOCK - 1 }))).toBe('late');
    expect(gate.judge(trade({ tradeId: 'V:7', eventTime: TEN_O_CLOCK - 1 }))).toBe('duplicate');
    expect(gate.tradesBySymbol()).toEqual({ RELIANCE: 3 });
    expect(gate.missedTrades).toBe(0);
  });

  it('judges each symbol by its own history', () => {
    const gate = new TickGate();
    gate.judge(trade({ tradeNumber: 7 }));
    expect(gate.judge(trade({ symbol: 'ITC', tradeNumber: 3, eventTime: TEN_O_CLOCK - 60_000 }))).toBe(
      'pass',
    );
  });

  it('rejects what is older than the newest event of the symbol', () => {
    const gate = new TickGate();
    gate.judge(trade());
    expect(gate.judge(trade({ eventTime: TEN_O_CLOCK - 1 }))).toBe('out-of-order');
    expect(gate.judge(quote({ eventTime: TEN_O_CLOCK - 1 }))).toBe('out-of-order');
    expect(gate.judge(quote({ eventTime: TEN_O_CLOCK }))).toBe('pass');
    expect(gate.judge(quote({ eventTime: null }))).toBe('pass');
  });

  it.each([
    ['quote', quote({ eventTime: TEN_O_CLOCK + 900, readAt: TEN_O_CLOCK + 900 })],
    ['summary', summary({ eventTime: TEN_O_CLOCK + 900 })],
  ])('calls no trade late because the clock of a %s runs ahead of it', (_kind, ahead) => {
    const gate = new TickGate();
    gate.judge(trade({ tradeNumber: 7 }));
    expect(gate.judge(ahead)).toBe('pass');
    expect(gate.judge(trade({ tradeNumber: 8, eventTime: TEN_O_CLOCK + 300 }))).toBe('pass');
  });

  it('takes no summary that is older than the one before', () => {
    const gate = new TickGate();
    expect(gate.judge(summary({ eventTime: TEN_O_CLOCK }))).toBe('pass');
    expect(gate.judge(trade({ eventTime: TEN_O_CLOCK + 500 }))).toBe('pass');
    expect(gate.judge(summary({ eventTime: TEN_O_CLOCK + 400 }))).toBe('pass');
    expect(gate.judge(summary({ eventTime: TEN_O_CLOCK + 399 }))).toBe('out-of-order');
  });

  it('leaves no trace of a rejected update', () => {
    const gate = new TickGate();
    gate.judge(trade({ tradeNumber: 9, price: 0 }));
    expect(gate.judge(trade({ tradeNumber: 8 }))).toBe('pass');
  });

  it('counts trades that were numbered but never came', () => {
    const gate = new TickGate();
    for (const tradeNumber of [1, 2, 5, 6]) gate.judge(trade({ tradeNumber }));
    expect(gate.missedTrades).toBe(2);
  });

  it('calls a trade late when its number shows that it was not here before', () => {
    const gate = new TickGate();
    const at = (tradeNumber: number, offsetMs: number) =>
      gate.judge(trade({ tradeNumber, eventTime: TEN_O_CLOCK + offsetMs }));
    expect([at(1, 0), at(5, 500)]).toEqual(['pass', 'pass']);
    expect([at(3, 200), at(3, 200), at(2, 100), at(1, 0), at(4, 300)]).toEqual([
      'late',
      'out-of-order',
      'late',
      'out-of-order',
      'late',
    ]);
    expect(gate.missedTrades).toBe(0);
    // The next number with an earlier time is late as well; what it skips may still come.
    expect([at(7, 400), at(6, 450), at(8, 600)]).toEqual(['late', 'late', 'pass']);
    expect(gate.tradesBySymbol()).toEqual({ RELIANCE: 8 });
  });

  it('lets numbers begin anew with a new connection, but not time', () => {
    const gate = new TickGate();
    gate.judge(trade({ tradeNumber: 900 }));
    gate.connectionStarted();
    expect(gate.judge(trade({ tradeNumber: 1, eventTime: TEN_O_CLOCK - 1 }))).toBe('out-of-order');
    expect(gate.judge(trade({ tradeNumber: 1, eventTime: TEN_O_CLOCK + 1 }))).toBe('pass');
    expect(gate.judge(trade({ tradeNumber: 1, eventTime: TEN_O_CLOCK + 1 }))).toBe('duplicate');
    expect(gate.missedTrades).toBe(0);
  });

  it('takes no repeated trade of the numbers before, whatever number it carries', () => {
    const renumbered: string[] = [];
    const gate = new TickGate(false, (symbol) => renumbered.push(symbol));
    const at = (tradeNumber: number, offsetMs: number) =>
      gate.judge(trade({ tradeNumber, eventTime: TEN_O_CLOCK + offsetMs }));
    expect([at(1, 0), at(900, 100)]).toEqual(['pass', 'pass']);
    gate.connectionStarted(['ITC']);
    expect(at(1, 200)).toBe('out-of-order');
    gate.connectionStarted(['RELIANCE']);
    expect([at(900, 100), at(900, 300), at(1, 400)]).toEqual(['duplicate', 'pass', 'out-of-order']);
    expect([at(950, 90), at(901, 500)]).toEqual(['out-of-order', 'pass']);
    expect(renumbered).toEqual(['RELIANCE']);
  });

  it("counts trades as missed until the candles of their minutes are the vendor's own", () => {
    const gate = new TickGate(false);
    const at = (tradeNumber: number, offsetMs: number) =>
      gate.judge(trade({ tradeNumber, eventTime: TEN_O_CLOCK + offsetMs }));
    [at(1, 1_000), at(5, 2_000), at(8, 61_000)].forEach((verdict) => expect(verdict).toBe('pass'));
    expect(gate.missedTrades).toBe(5);
    gate.filled('RELIANCE', TEN_O_CLOCK, TEN_O_CLOCK + 60_000);
    expect(gate.missedTrades).toBe(2);
    // What the candles have is not taken once more.
    expect(at(3, 1_500)).toBe('out-of-order');
    expect(gate.tradesBySymbol()).toEqual({ RELIANCE: 6 });
    gate.filled('RELIANCE', TEN_O_CLOCK, TEN_O_CLOCK + 120_000);
    expect(gate.missedTrades).toBe(0);
  });

  it('knows what a lost connection cost when numbers go on, and takes it late', () => {
    const gate = new TickGate();
    gate.judge(trade({ tradeNumber: 900 }));
    gate.connectionStarted();
    expect(gate.judge(trade({ tradeNumber: 900 }))).toBe('duplicate');
    expect(gate.judge(trade({ tradeNumber: 903, eventTime: TEN_O_CLOCK + 2_000 }))).toBe('pass');
    expect(gate.missedTrades).toBe(2);
    expect(gate.judge(trade({ tradeNumber: 901, eventTime: TEN_O_CLOCK + 1_000 }))).toBe('late');
    expect(gate.missedTrades).toBe(1);
  });

  it('lets numbers begin anew with a new trading day on a connection that lasted', () => {
    const gate = new TickGate();
    gate.judge(trade({ tradeNumber: 900 }));
    const nextDay = TEN_O_CLOCK + 17 * 3_600_000;
    gate.judge(quote({ eventTime: nextDay - 60_000 }));
    expect(gate.judge(trade({ tradeNumber: 1, eventTime: nextDay }))).toBe('pass');
    expect(gate.judge(trade({ tradeNumber: 2, eventTime: nextDay + 1 }))).toBe('pass');
    // The day after begins higher than this one ended: that is no gap.
    expect(gate.judge(trade({ tradeNumber: 8, eventTime: nextDay + 24 * 3_600_000 }))).toBe('pass');
    expect(gate.missedTrades).toBe(0);
  });

  it('passes exactly the rising sequence out of any shuffled and repeated delivery', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 100 }), (numbers) => {
        const gate = new TickGate();
        const passed = numbers.filter((tradeNumber) => gate.judge(trade({ tradeNumber })) === 'pass');
        const records = numbers.filter((number, index) => number > Math.max(0, ...numbers.slice(0, index)));
        expect(passed).toEqual(records);
      }),
    );
  });
});
