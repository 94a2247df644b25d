import fc from 'fast-check';
import { money, ZERO } from '../money/money';
import { applyTrade, EMPTY_HOLDING } from './holding';
import {
  type ClosedTrip,
  grossProfit,
  netProfit,
  type OpenTrip,
  toRoundTrip,
  type TripFill,
  tripAfter,
} from './round-trip';
import { tradeStatistics } from './trade-statistics';

const KEY = { accountId: 'A', strategy: 's', symbol: 'INFY' };
const fill = (side: TripFill['side'], quantity: number, price: number, fee = 0, at = 0): TripFill => ({
  side,
  quantity,
  price,
  fee,
  at,
});

/** Trips of fills in order, and what is still open. */
function tripsOf(fills: readonly TripFill[]): { closed: ClosedTrip[]; open: OpenTrip | undefined } {
  const closed: ClosedTrip[] = [];
  let open: OpenTrip | undefined;
  for (const each of fills) {
    const after = tripAfter(open, each);
    if (after.closed) closed.push(after.closed);
    open = after.open;
  }
  return { closed, open };
}

describe('round trips', () => {
  it('go from flat to flat, with every charge of entry and exit', () => {
    const { closed, open } = tripsOf([
      fill('BUY', 10, 100, 2, 1_000),
      fill('BUY', 10, 110, 2, 2_000),
      fill('SELL', 5, 120, 1, 3_000),
      fill('SELL', 15, 104, 3, 5_000),
    ]);
    expect(open).toBeUndefined();
    expect(closed.map((trip) => toRoundTrip(KEY, trip, { high: 126, low: 99.75 }))).toEqual([
      {
        ...KEY,
        direction: 'long',
        quantity: 20,
        entryPrice: 105,
        exitPrice: 108,
        openedAt: '1970-01-01T00:00:01.000Z',
        closedAt: '1970-01-01T00:00:05.000Z',
        holdingMs: 4_000,
        grossProfit: '60',
        charges: '8',
        netProfit: '52',
        returnPercent: 2.47619,
        bestExcursionPercent: 20,
        worstExcursionPercent: -5,
        fills: 4,
      },
    ]);
  });

  it('part a fill through zero: one ends, the next begins, and the charge is shared by quantity', () => {
    const { closed, open } = tripsOf([fill('SELL', 4, 50, 1), fill('BUY', 10, 45, 5)]);
    expect(closed).toHaveLength(1);
    const [short] = closed as [ClosedTrip];
    expect(short.direction).toBe('short');
    expect(netProfit(short).toNumber()).toBe(20 - 1 - 2);
    expect(open).toMatchObject({ direction: 'long', fills: 1 });
    expect(open?.entered.toNumber()).toBe(6);
    expect(open?.charges.toNumber()).toBe(3);
  });

  it('tell how far a short went for and against it', () => {
    const { closed } = tripsOf([fill('SELL', 1, 200), fill('BUY', 1, 198)]);
    const told = (range: { high: number; low: number } | null) => {
      const { bestExcursionPercent, worstExcursionPercent } = toRoundTrip(
        KEY,
        closed[0] as ClosedTrip,
        range,
      );
      return [bestExcursionPercent, worstExcursionPercent];
    };
    expect(told({ high: 204, low: 190 })).toEqual([5, -2]);
    expect(told({ high: 199, low: 190 })).toEqual([5, 0]);
    expect(told(null)).toEqual([null, null]);
  });

  it('add up to the profit and the charges of the books, whatever is traded', () => {
    const trade = fc.record({
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      quantity: fc.integer({ min: 1, max: 500 }),
      price: fc.integer({ min: 1, max: 100_000 }).map((paise) => paise / 100),
      fee: fc.integer({ min: 0, max: 10_000 }).map((paise) => paise / 100),
    });
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 40 }), (trades) => {
        const fills = trades.map((each, at) => ({ ...each, at }));
        const { closed, open } = tripsOf(fills);
        let holding = EMPTY_HOLDING;
        const profits: string[] = [];
        for (const each of fills) {
          const effect = applyTrade(holding, each);
          holding = effect.holding;
          if (effect.tripNet) profits.push(effect.tripNet.toFixed());
        }
        expect(profits).toEqual(closed.map((trip) => netProfit(trip).toFixed()));
        const all = open ? [...closed, open] : closed;
        const charges = all.reduce((sum, trip) => sum.plus(trip.charges), ZERO);
        expect(charges.eq(holding.fees)).toBe(true);
        const held = open ? open.entered.minus(open.exited) : ZERO;
        expect(held.eq(holding.quantity.abs())).toBe(true);
        if (open) return;
        // Books share costs at twelve decimals; at the end, nothing of it is left.
        const gross = closed.reduce((sum, trip) => sum.plus(grossProfit(trip)), ZERO);
        expect(gross.toFixed(9)).toBe(holding.realized.toFixed(9));
      }),
    );
  });
});

describe('statistics of round trips', () => {
  const trip = (netProfit: string, holdingMs = 1_000, best: number | null = null) => ({
    netProfit,
    charges: '1',
    holdingMs,
    bestExcursionPercent: best,
    worstExcursionPercent: best === null ? null : -best,
  });

  it('count a trade that charges turned into a loss as one', () => {
    expect(tradeStatistics([trip('10', 1_000, 2), trip('-4', 3_000), trip('0', 2_000, 4)])).toEqual({
      trades: 3,
      wins: 1,
      losses: 1,
      breakEven: 1,
      winRate: 1 / 3,
      netProfit: '6',
      charges: '3',
      profitFactor: 2.5,
      expectancy: '2',
      averageWin: '10',
      averageLoss: '-4',
      largestWin: '10',
      largestLoss: '-4',
      averageHoldingMs: 2_000,
      averageBestExcursionPercent: 3,
      averageWorstExcursionPercent: -3,
    });
  });

  it('say nothing where there is nothing to say', () => {
    expect(tradeStatistics([])).toMatchObject({
      trades: 0,
      winRate: null,
      profitFactor: null,
      expectancy: null,
      averageHoldingMs: null,
      largestLoss: null,
    });
    expect(money(tradeStatistics([trip('5')]).expectancy ?? 0).toNumber()).toBe(5);
    expect(tradeStatistics([trip('5')]).profitFactor).toBeNull();
  });
});
