import type { Bar } from '@tickbridge/contracts';
import fc from 'fast-check';
import { money } from '../money/money';
import { aBar } from '../testing/bars';
import { aShare } from '../testing/instruments';
import { matchInBar, tradableVolume } from './bar-match';
import type { WorkingPaperOrder } from './paper-match';
import { PaperVenue } from './paper-venue';

const share = aShare('ACME', { priceSteps: [{ upTo: null, step: 0.05 }] });
const free = { halfSpreadBps: 0, slippageBps: 0, maxVolumePercent: 10 };
const order = (values: Partial<WorkingPaperOrder> = {}): WorkingPaperOrder => ({
  side: 'BUY',
  type: 'MARKET',
  remaining: 10,
  limitPrice: null,
  triggerPrice: null,
  triggered: false,
  timeInForce: 'DAY',
  rests: false,
  ...values,
});
const bar = aBar({ open: 100, high: 102, low: 98, close: 101, volume: 1_000 });
const limit = (limitPrice: number, values: Partial<WorkingPaperOrder> = {}) =>
  order({ type: 'LIMIT', limitPrice, rests: true, ...values });
const stop = (triggerPrice: number, values: Partial<WorkingPaperOrder> = {}) =>
  order({ side: 'SELL', type: 'STOP', triggerPrice, ...values });
const match = (given: WorkingPaperOrder, seen: Bar = bar, model = free) =>
  matchInBar(given, seen, tradableVolume(seen, model), share, model);

describe('an order in a bar without a quote', () => {
  it.each<[string, WorkingPaperOrder, number | undefined]>([
    ['a market order fills at the open', order(), 100],
    ['a stop fills at its level', stop(99), 99],
    ['a stop fills at the open behind a gap', stop(101), 100],
    ['a stop to buy fills at its level', stop(101, { side: 'BUY' }), 101],
    ['a stop to buy fills at the open behind a gap', stop(99, { side: 'BUY' }), 100],
    ['a stop that is not reached sleeps', stop(97), undefined],
    ['a stop that woke up before is a market order', stop(90, { triggered: true }), 100],
    ['a resting limit order fills at its limit', limit(99), 99],
    ['a resting limit order that the bar opened past fills at its limit', limit(101), 101],
    ['a resting limit order fills at the open when the whole bar is beyond it', limit(103), 100],
    ['a new limit order that could trade at the open fills there', limit(101, { rests: false }), 100],
    ['a limit order fills only when the bar goes through its limit', limit(98), undefined],
    ['a sale fills at its limit', limit(101.5, { side: 'SELL' }), 101.5],
    ['a sale fills only when the bar goes through its limit', limit(102, { side: 'SELL' }), undefined],
    ['a stop-limit trades where it wakes up', stop(99, { type: 'STOP_LIMIT', limitPrice: 98.5 }), 99],
    ['one that cannot waits for the next bar', stop(99, { type: 'STOP_LIMIT', limitPrice: 99.5 }), undefined],
  ])('%s', (_title, given, price) => {
    expect(match(given).fill?.price).toBe(price);
  });

  it('gets at most the share of the volume, and the rest of the order waits or goes', () => {
    expect(match(order({ remaining: 250 }))).toMatchObject({ fill: { quantity: 100 }, canceled: false });
    expect(match(order({ remaining: 250, timeInForce: 'IOC' }))).toMatchObject({ canceled: true });
    expect(match(order({ remaining: 250 }), { ...bar, volume: 9 }).fill).toBeUndefined();
    expect(match(stop(99, { remaining: 250 }))).toMatchObject({ triggered: true, fill: { quantity: 100 } });
  });

  it('pays spread and slippage where it is no limit order, on the grid', () => {
    const model = { ...free, halfSpreadBps: 2, slippageBps: 1 };
    expect(match(order(), bar, model).fill?.price).toBe(100.05);
    expect(match(stop(99), bar, model).fill?.price).toBe(98.95);
    expect(match(limit(99), bar, model).fill?.price).toBe(99);
  });

  it('shares a bar with the other orders of its account', () => {
    const venue = new PaperVenue(free);
    const quantities = [60, 60, 60].map(
      (remaining) => venue.meetBar(order({ remaining }), bar, share).fill?.quantity,
    );
    expect(quantities).toEqual([60, 40, undefined]);
    const next = { ...bar, openTime: bar.openTime + bar.intervalMs };
    expect(venue.meetBar(order({ remaining: 60 }), next, share).fill?.quantity).toBe(60);
  });

  it('meets the closing quote of a bar that has one', () => {
    const quoted = { ...bar, ask: 101.05, askQuantity: 7 };
    const { fill } = new PaperVenue(free).meetBar(order(), quoted, share);
    expect(fill).toEqual({ quantity: 7, price: 101.05 });
  });

  const price = fc.integer({ min: 1_800, max: 2_200 }).map((steps) => Number((steps * 0.05).toFixed(2)));
  const anyBar = fc
    .record({ a: price, b: price, c: price, d: price, volume: fc.integer({ min: 0, max: 5_000 }) })
    .map(({ a, b, c, d, volume }) => {
      const [low, first, second, high] = [a, b, c, d].sort((x, y) => x - y) as [
        number,
        number,
        number,
        number,
      ];
      return aBar({ open: first, close: second, high, low, volume });
    });
  const anyOrder = fc
    .record({
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      type: fc.constantFrom('MARKET' as const, 'LIMIT' as const, 'STOP' as const, 'STOP_LIMIT' as const),
      remaining: fc.integer({ min: 1, max: 1_000 }),
      limit: price,
      trigger: price,
      triggered: fc.boolean(),
      rests: fc.boolean(),
    })
    .map(({ limit: at, trigger, triggered, ...values }) =>
      order({
        ...values,
        limitPrice: values.type === 'LIMIT' || values.type === 'STOP_LIMIT' ? at : null,
        triggerPrice: values.type === 'STOP' || values.type === 'STOP_LIMIT' ? trigger : null,
        triggered: triggered && values.type.startsWith('STOP'),
      }),
    );

  it('never fills outside the bar but for spread and slippage, nor more than the share, nor past its limit', () => {
    const model = { halfSpreadBps: 2, slippageBps: 1, maxVolumePercent: 10 };
    fc.assert(
      fc.property(anyBar, anyOrder, (seen, given) => {
        const { fill } = match(given, seen, model);
        if (!fill) return;
        const most = tradableVolume(seen, model).toNumber();
        expect(fill.quantity).toBeLessThanOrEqual(Math.min(most, given.remaining));
        // Three basis points and a step of the grid.
        const costs = (level: number) => level * 0.0003 + 0.05;
        expect(fill.price).toBeLessThanOrEqual(seen.high + costs(seen.high));
        expect(fill.price).toBeGreaterThanOrEqual(seen.low - costs(seen.low));
        expect(money(fill.price).mod(0.05).toNumber()).toBe(0);
        const { limitPrice, side } = given;
        if (limitPrice === null) return;
        const better = side === 'BUY' ? limitPrice - fill.price : fill.price - limitPrice;
        expect(better).toBeGreaterThanOrEqual(0);
        const atOpen = side === 'BUY' ? seen.open <= limitPrice : seen.open >= limitPrice;
        const wokeUp = given.type === 'STOP_LIMIT' && !given.triggered;
        if (!atOpen && !wokeUp) expect(better).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
