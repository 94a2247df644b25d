import type { Signal } from '@tickbridge/contracts';
import { ChargeTable } from '../charges/charge-table';
import { DEFAULT_PAPER_MODEL } from '../execution/paper-fill';
import { knownInstrument } from '../instruments/known-instruments';
import { edgeShortfall, expectedMoveOf, roundTripCost, shortfallText } from './least-edge';

const instrument = knownInstrument('binance', 'BTCUSDT')!;
/** A thousandth of the value of each order. */
const charges = new ChargeTable().termsOf({
  plan: 'binance/vip0',
  instrument,
  product: 'spot',
  date: '2026-11-20',
});
const entry = {
  quantity: 2,
  price: 1_000,
  bid: 999.5,
  ask: 1_000.5,
  charges,
  assumed: { ...DEFAULT_PAPER_MODEL, slippageBps: 1, halfSpreadBps: 2 },
};
const signal = (values: Partial<Signal>) =>
  ({ symbol: 'BTCUSDT', action: 'BUY', price: 1_000, target: null, components: {}, ...values }) as Signal;

describe('what a round trip costs', () => {
  it('is the charges of both orders, the quoted spread, and slippage of both', () => {
    // Two thousand at a thousandth each way, a spread of 1 for two, and twice one basis point.
    expect(roundTripCost(entry).toNumber()).toBeCloseTo(4 + 2 + 0.4, 9);
  });

  it('has the assumed spread where one side is not quoted', () => {
    expect(roundTripCost({ ...entry, ask: null }).toNumber()).toBeCloseTo(4 + 0.8 + 0.4, 9);
  });

  it('does not fall below the charges where quotes are crossed', () => {
    expect(roundTripCost({ ...entry, bid: 1_001, ask: 999 }).toNumber()).toBeCloseTo(4.4, 9);
  });
});

describe('the least edge of an entry', () => {
  it.each([
    ['a target far enough', { target: 1_006.4 }, 2, undefined],
    ['one a little nearer', { target: 1_006.39 }, 2, { expectedMove: 0.00639, cost: 0.0032 }],
    ['a short sale likewise', { action: 'SELL', target: 993.61 }, 2, { expectedMove: 0.00639, cost: 0.0032 }],
    ['any target where nothing is asked', { target: 1_000.01 }, 0, undefined],
    ['what the strategy expects where no target is set', { components: { expectedMove: 3 } }, 2, {}],
    ['a signal that does not say what it expects', {}, 2, undefined],
  ] as const)('judges %s', (_title, values, leastEdge, expected) => {
    const shortfall = edgeShortfall(signal(values), leastEdge, entry);
    if (expected === undefined) expect(shortfall).toBeUndefined();
    else {
      for (const [name, value] of Object.entries(expected)) {
        expect(shortfall?.[name as keyof typeof shortfall]).toBeCloseTo(value, 9);
      }
      expect(shortfall).toBeDefined();
    }
  });

  it('is told in a sentence', () => {
    const one = signal({ target: 1_003 });
    expect(expectedMoveOf(one)?.toNumber()).toBe(3);
    expect(shortfallText(one, edgeShortfall(one, 2, entry)!, 2)).toBe(
      'BUY BTCUSDT: the expected move of 0.300 % is less than 2 times the costs of 0.320 %',
    );
  });
});
