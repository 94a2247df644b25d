import { parseJsonObject } from '@tickbridge/contracts';
import { FUZZ_RUNS, hostileTexts } from '@tickbridge/shared-cache/testing';
import fc from 'fast-check';
import { readOrderAnswer, reportRowSchema, toBrokerOrder, toPlainRows } from './sharekhan.rows';

const ROW = {
  orderId: '1',
  orderStatus: 'Fully Executed',
  orderQty: '3',
  execQty: 3,
  avgPrice: '100.5',
  orderPrice: '0',
  buySell: 'B',
  tradingSymbol: 'RELIANCE ',
  scripCode: '2885',
  rmsCode: null,
  errorMessage: '',
  orderDateTime: '2025-10-28 12:44:40.0',
};
const SAMPLES = [
  { status: 200, message: 'order_report', data: ROW },
  {
    status: 200,
    message: 'order',
    data: { orderId: '12', orsOrderId: '13', orderStatus: 'SUCCESS', errormsg: '' },
  },
];

describe('36: any answer of ShareKhan', () => {
  it('is read or refused, and never throws', () => {
    let read = 0;
    fc.assert(
      fc.property(hostileTexts(SAMPLES), (text) => {
        const data = parseJsonObject(text)?.['data'];
        readOrderAnswer(data);
        toPlainRows(data);
        const row = reportRowSchema.safeParse(data);
        if (!row.success) return;
        const order = toBrokerOrder(row.data);
        expect(order.filledQuantity).toBeGreaterThanOrEqual(0);
        read += 1;
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(read).toBeGreaterThan(0);
  }, 180_000);
});
