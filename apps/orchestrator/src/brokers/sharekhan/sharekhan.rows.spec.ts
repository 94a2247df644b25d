import {
  type ReportRow,
  readOrderAnswer,
  readReport,
  reportRowSchema,
  statusOf,
  toBrokerOrder,
  toPlainRows,
} from './sharekhan.rows';

/** A row as ShareKhan writes it: figures as text or numbers. */
const row = (more: Partial<Record<keyof ReportRow, unknown>> = {}) =>
  reportRowSchema.parse({
    orderId: 250_000_001,
    orderStatus: 'Partly Executed',
    orderQty: '10',
    execQty: 4,
    avgPrice: '149.525',
    orderPrice: '150',
    buySell: 'B',
    tradingSymbol: 'RELIANCE ',
    rmsCode: 'SKNS1',
    orderDateTime: '2025-10-28 12:44:40.0',
    ...more,
  });

describe('a row of the day report', () => {
  it('is read with its figures as numbers and its time in India', () => {
    expect(toBrokerOrder(row())).toMatchObject({
      brokerOrderId: '250000001',
      symbol: 'RELIANCE',
      side: 'BUY',
      quantity: 10,
      limitPrice: 150,
      filledQuantity: 4,
      averagePrice: 149.525,
      placedAt: Date.parse('2025-10-28T07:14:40Z'),
      status: 'working',
    });
  });

  it.each([
    ['In-Process', 0, 'working'],
    ['Pending', 0, 'working'],
    ['Partly Executed', 4, 'working'],
    ['Fully Executed', 10, 'filled'],
    ['Rejected', 0, 'rejected'],
    ['Cancelled', 4, 'canceled'],
    ['Partly Cancelled', 4, 'canceled'],
    ['Expired', 0, 'expired'],
    ['Modify Rejected', 0, 'working'],
    ['modify-rejected ', 4, 'working'],
    ['Cancel Pending', 0, 'working'],
    ['Cancel Rejected', 0, 'working'],
    ['Not Cancelled', 4, 'working'],
    ['Rejected by nobody', 0, 'working'],
    ['constructor', 0, 'working'],
    ['Something New', 10, 'filled'],
    ['Something New', 0, 'working'],
  ])('"%s" with %d executed is %s', (orderStatus, execQty, expected) => {
    expect(statusOf(row({ orderStatus, execQty }))).toBe(expected);
  });

  it('names a status that is not in the table, and no other', () => {
    expect(toBrokerOrder(row({ orderStatus: 'Frozen' })).remark).toContain('"Frozen"');
    expect(toBrokerOrder(row({ orderStatus: 'Not Cancelled' })).remark).toBeUndefined();
  });

  it('that cannot be read costs itself alone', () => {
    const good = row();
    const report = readReport([good, { ...good, execQty: 'many' }, 'nonsense', { ...good, orderId: 7 }]);
    expect(report?.rows.map(({ orderId }) => orderId)).toEqual(['250000001', '7']);
    expect(report?.unreadable).toEqual([
      { orderId: '250000001', field: 'execQty' },
      { orderId: null, field: 'the row' },
    ]);
    expect(readReport({})).toBeUndefined();
  });

  it('has no limit at the market, no average before a fill and no time that cannot be read', () => {
    const order = toBrokerOrder(row({ orderPrice: '0', execQty: 0, avgPrice: '', orderDateTime: 'soon' }));
    expect(order).toMatchObject({ limitPrice: null, averagePrice: null, placedAt: null });
  });

  it.each(['', '-5', 'many', null])('with "%s" as a figure is not read at all', (execQty) => {
    expect(reportRowSchema.safeParse({ ...row(), execQty }).success).toBe(false);
  });
});

describe('the answer to an order', () => {
  it.each(['0', 'NA', 'null', null, ''])('is a refusal with the order id %p', (orderId) => {
    expect(readOrderAnswer({ orderId, errormsg: 'Insufficient limits' })).toEqual({
      refusal: 'Insufficient limits',
    });
  });

  it('names the order in either field', () => {
    expect(readOrderAnswer({ orderId: '250000001' })).toEqual({ orderId: '250000001' });
    expect(readOrderAnswer({ orderId: null, orsOrderId: 250_000_001 })).toEqual({ orderId: '250000001' });
  });

  it.each([null, 'ok', {}, []])('is unreadable when it is %p', (data) => {
    expect(readOrderAnswer(data)).toBeUndefined();
  });
});

describe('a page whose fields nobody describes', () => {
  it.each([
    ['rows', [{ a: 1 }, { b: 'x', c: null, d: true }], [{ a: 1 }, { b: 'x', c: null, d: true }]],
    ['one row', { cash: '12.50' }, [{ cash: '12.50' }]],
    ['a row with something nested', [{ a: { b: [1] } }], [{ a: '{"b":[1]}' }]],
    ['nothing', [], []],
  ])('is shown as it came: %s', (_title, data, rows) => {
    expect(toPlainRows(data)).toEqual(rows);
  });

  it.each([
    ['a text', 'ok'],
    ['a number', 5],
    ['texts', ['ok']],
    ['lists', [[1]]],
  ])('is unreadable when it is %s', (_title, data) => expect(toPlainRows(data)).toBeUndefined());
});
