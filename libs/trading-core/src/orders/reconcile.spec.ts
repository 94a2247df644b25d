import fc from 'fast-check';
import { initialOrder, type OrderState } from './order-state';
import { isTerminal } from './order-table';
import { type BrokerOrderReport, reconcile } from './reconcile';
import { foldOrder } from './transition';

const KEY = 'broker:1';
const submitted = foldOrder(initialOrder('o1', 100), [{ type: 'submitted' }]);
const report = (values: Partial<BrokerOrderReport> = {}): BrokerOrderReport => ({
  status: 'working',
  filledQuantity: 0,
  averagePrice: null,
  trades: null,
  message: null,
  ...values,
});
const after = (order: OrderState, given: BrokerOrderReport) => foldOrder(order, reconcile(order, KEY, given));

describe('an order and the broker’s report', () => {
  it.each<[string, OrderState, Partial<BrokerOrderReport>, Partial<OrderState>]>([
    ['taken', submitted, {}, { status: 'Accepted' }],
    ['found after a restart', initialOrder('o1', 100), {}, { status: 'Accepted' }],
    [
      'rejected',
      submitted,
      { status: 'rejected', message: 'no funds' },
      { status: 'Rejected', rejection: { code: 'BROKER_REJECTED', message: 'no funds' } },
    ],
    [
      'rejected, found after a restart',
      initialOrder('o1', 100),
      { status: 'rejected' },
      { status: 'Rejected' },
    ],
    ['expired before we knew it was taken', submitted, { status: 'expired' }, { status: 'Expired' }],
    [
      'filled in part',
      submitted,
      { filledQuantity: 40, averagePrice: 10 },
      { status: 'PartiallyFilled', filledQuantity: 40, averagePrice: 10 },
    ],
    [
      'filled in part, the rest canceled',
      submitted,
      { status: 'canceled', filledQuantity: 40, averagePrice: 10 },
      { status: 'Canceled', filledQuantity: 40 },
    ],
    [
      'filled in part, the rest rejected',
      submitted,
      { status: 'rejected', filledQuantity: 40, averagePrice: 10 },
      { status: 'Canceled', filledQuantity: 40 },
    ],
    [
      'filled after it was canceled',
      foldOrder(submitted, [{ type: 'canceled' }]),
      { status: 'filled', filledQuantity: 100, averagePrice: 10 },
      { status: 'Filled' },
    ],
    [
      'gone while its cancel was on the way',
      foldOrder(submitted, [{ type: 'accepted' }, { type: 'cancel-requested' }]),
      { status: 'rejected' },
      { status: 'Canceled' },
    ],
  ])('%s', (_title, order, given, expected) => {
    expect(after(order, report(given))).toMatchObject(expected);
  });

  it('gives each growth its own price', () => {
    const part = after(submitted, report({ filledQuantity: 40, averagePrice: 10 }));
    const whole = after(part, report({ status: 'filled', filledQuantity: 100, averagePrice: 13 }));
    // 40 at 10 and 60 at 15 are 100 at 13.
    expect(reconcile(part, KEY, report({ filledQuantity: 100, averagePrice: 13 })).at(-1)).toMatchObject({
      price: 15,
    });
    expect(whole).toMatchObject({ status: 'Filled', averagePrice: 13 });
  });

  /** The true life of an order at a broker, as a list of reports, each the truth of its moment. */
  const life = fc
    .record({
      steps: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }),
      prices: fc.array(fc.integer({ min: 90, max: 110 }), { minLength: 5, maxLength: 5 }),
      end: fc.constantFrom('working', 'canceled', 'expired', 'rejected'),
      named: fc.boolean(),
    })
    .map(({ steps, prices, end, named }) => {
      const reports: BrokerOrderReport[] = [report({ trades: named ? [] : null })];
      let filled = 0;
      let paid = 0;
      const trades: { tradeId: string; quantity: number; price: number }[] = [];
      steps.forEach((step, index) => {
        const quantity = Math.min(step, 100 - filled);
        if (quantity === 0) return;
        const price = prices[index] as number;
        filled += quantity;
        paid += quantity * price;
        trades.push({ tradeId: `t${index}`, quantity, price });
        reports.push(
          report({
            status: filled === 100 ? 'filled' : 'working',
            filledQuantity: filled,
            averagePrice: paid / filled,
            trades: named ? [...trades] : null,
          }),
        );
      });
      const last = reports.at(-1) as BrokerOrderReport;
      if (filled < 100) reports.push({ ...last, status: end });
      return reports;
    });

  it('agree in the end, whatever reports were lost, doubled, late or out of order before the last one', () => {
    fc.assert(
      fc.property(
        life.chain((reports) =>
          fc.tuple(fc.constant(reports), fc.array(fc.nat({ max: reports.length - 1 }), { maxLength: 12 })),
        ),
        ([reports, heard]) => {
          const last = reports.at(-1) as BrokerOrderReport;
          let order = submitted;
          for (const index of heard) order = after(order, reports[index] as BrokerOrderReport);
          order = after(order, last);
          expect(order.filledQuantity).toBe(last.filledQuantity);
          if (last.averagePrice !== null) expect(order.averagePrice).toBeCloseTo(last.averagePrice, 6);
          expect(isTerminal(order.status)).toBe(last.status !== 'working');
          // Agreement is final: the same word again changes nothing.
          expect(reconcile(order, KEY, last)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
