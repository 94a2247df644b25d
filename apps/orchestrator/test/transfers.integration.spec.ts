import { randomUUID } from 'node:crypto';
import type {
  BooksCheck,
  BookedTransfer,
  ManualOrder,
  Order,
  Portfolio,
  PortfolioDay,
  Position,
} from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from './orchestrator-process';
import { TradingFloor } from './trading-floor';

const ACCOUNT = 'PAPER_TRADER_001';
const by = { by: 'mira', reason: 'a test' };

describe('deposits and withdrawals', () => {
  let floor: TradingFloor;
  let service: OrchestratorProcess;

  const transfer = (kind: string, amount: string, more: object = {}) => ({
    requestId: randomUUID(),
    kind,
    amount,
    ...by,
    ...more,
  });
  const book = (body: object) => service.post<BookedTransfer>(`accounts/${ACCOUNT}/transfers`, body);
  const refusal = async (body: object, account = ACCOUNT) => {
    const answer = await service.fetch(`accounts/${account}/transfers`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return [answer.status, ((await answer.json()) as { code: string }).code];
  };
  const portfolio = () => service.get<Portfolio>('portfolio');
  const place = (order: Partial<ManualOrder>) =>
    service.post<Order>('orders', {
      requestId: randomUUID(),
      accountId: ACCOUNT,
      symbol: 'RELIANCE',
      side: 'BUY',
      type: 'MARKET',
      quantity: 10,
      repeat: true,
      ...by,
      ...order,
    });
  const ready = () =>
    waitFor(async () => {
      const [account] = await service.get<{ trading: { state: string } }[]>('accounts');
      return account?.trading.state === 'trading';
    });

  beforeAll(async () => {
    floor = await TradingFloor.open();
    floor.price('RELIANCE', 100);
    floor.price('INFY', 100);
    service = await floor.start();
    await ready();
    await floor.ignoreLosses(service);
  }, 120_000);

  afterAll(() => floor.close());

  it('change cash and equity, and neither the profit of the day nor a drawdown', async () => {
    await place({});
    const before = await portfolio();
    const booked = await book(transfer('deposit', '25000.50'));
    expect(booked).toMatchObject({
      accountId: ACCOUNT,
      kind: 'deposit',
      amount: '25000.5',
      recordedBy: 'mira',
    });
    const after = await portfolio();
    expect(Number(after.cash) - Number(before.cash)).toBeCloseTo(25_000.5, 6);
    expect(Number(after.equity) - Number(before.equity)).toBeCloseTo(25_000.5, 6);
    expect(after).toMatchObject({ paidIn: '25000.5', dayProfit: before.dayProfit });
    expect(Number(after.peakEquity) - Number(before.peakEquity)).toBeCloseTo(25_000.5, 6);
    await book(transfer('withdrawal', '400000'));
    const poorer = await portfolio();
    expect(poorer).toMatchObject({ paidIn: '-374999.5', dayProfit: before.dayProfit });
    // The same loss of a smaller sum.
    expect(poorer.drawdownPercent).toBeLessThan(0.1);
    expect((await service.get<PortfolioDay[]>('portfolio/days'))[0]).toMatchObject({ paidIn: '-374999.5' });
  });

  it('are booked once, however often they are sent, and survive a restart', async () => {
    const sent = transfer('deposit', '100');
    const both = await Promise.all([book(sent), book(sent), book(sent)]);
    expect(new Set(both.map(({ position }) => position)).size).toBe(1);
    expect(await refusal({ ...sent, amount: '101' })).toEqual([409, 'REQUEST_ID_REUSED']);
    const { paidIn, cash } = await portfolio();
    expect(paidIn).toBe('-374899.5');
    await service.kill();
    service = await floor.start();
    await ready();
    expect(await portfolio()).toMatchObject({ paidIn, cash });
    // What is sampled from memory after it knows them too.
    await place({ quantity: 1 });
    expect((await book(sent)).position).toBe(both[0].position);
    expect(await service.get<BooksCheck>('portfolio/check')).toMatchObject({ agrees: true, differences: [] });
    expect((await portfolio()).drawdownPercent).toBeLessThan(0.1);
  }, 60_000);

  it.each([
    ['more than there is in cash', transfer('withdrawal', '99999999'), [409, 'CASH_TOO_LOW']],
    ['a day to come', transfer('deposit', '1', { day: '2999-01-01' }), [409, 'DAY_TO_COME']],
    ['nothing', transfer('deposit', '0.00'), [400, 'INVALID_INPUT']],
    ['less than nothing', transfer('deposit', '-5'), [400, 'INVALID_INPUT']],
    ['an exponent', transfer('deposit', '1e5'), [400, 'INVALID_INPUT']],
    ['a number', transfer('deposit', '5', { amount: 5 }), [400, 'INVALID_INPUT']],
    ['another kind', transfer('gift', '5'), [400, 'INVALID_INPUT']],
  ])('are refused for %s', async (_, body, refused) => {
    const { cash } = await portfolio();
    expect(await refusal(body)).toEqual(refused);
    expect((await portfolio()).cash).toBe(cash);
  });

  it('take out no proceeds of sales for delivery before they are settled', async () => {
    const held = async () =>
      (await service.get<Position[]>('positions')).find(({ product }) => product === 'delivery');
    await place({ product: 'delivery', symbol: 'INFY', quantity: 50 });
    const bought = await held();
    expect(bought).toMatchObject({ quantity: 50, settledQuantity: 0 });
    expect(bought?.settlesOn).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect((await portfolio()).unsettledCash).toBe('0');
    await floor.rows(
      `update trading.fills set filled_at = filled_at - interval '3 days' where symbol = 'INFY'`,
    );
    expect(await held()).toMatchObject({ quantity: 50, settledQuantity: 50, settlesOn: null });

    const before = await portfolio();
    await place({ product: 'delivery', symbol: 'INFY', side: 'SELL', quantity: 40 });
    const sold = await portfolio();
    expect(await held()).toMatchObject({ quantity: 10, settledQuantity: 10 });
    expect(Number(sold.unsettledCash)).toBeCloseTo(Number(sold.cash) - Number(before.cash), 2);
    expect(await refusal(transfer('withdrawal', String(Math.floor(Number(sold.cash)))))).toEqual([
      409,
      'CASH_NOT_SETTLED',
    ]);
    await book(transfer('withdrawal', String(Math.floor(Number(before.cash)))));
    expect((await portfolio()).unsettledCash).toBe(sold.unsettledCash);
  });

  it('take out nothing that backs a short position or an order that works', async () => {
    const free = async () => {
      const { cash, unsettledCash } = await portfolio();
      return Number(cash) - Number(unsettledCash);
    };
    floor.price('TCS', 100);
    await book(transfer('deposit', '100000'));
    const before = await free();
    await place({ symbol: 'TCS', side: 'SELL', quantity: 100, product: 'intraday' });
    expect(await free()).toBeGreaterThan(before);
    expect(await refusal(transfer('withdrawal', String(Math.floor(before))))).toEqual([
      409,
      'CASH_COMMITTED',
    ]);
    await place({ symbol: 'TCS', side: 'BUY', quantity: 100, product: 'intraday' });
    const order = await place({ symbol: 'TCS', type: 'LIMIT', limitPrice: 90, quantity: 100 });
    const now = Math.floor(await free());
    expect(await refusal(transfer('withdrawal', String(now - 8_999)))).toEqual([409, 'CASH_COMMITTED']);
    await book(transfer('withdrawal', String(now - 9_100)));
    expect(order.status).toBe('Accepted');
    await book(transfer('deposit', '100000', { day: '0001-01-01' }));
    expect(await (await service.fetch('portfolio/journal?part=cash')).text()).toContain('0001-01-01');
  });

  it('are refused for an account that is not there', async () => {
    expect(await refusal(transfer('deposit', '5'), 'NOBODY')).toEqual([404, 'ACCOUNT_UNKNOWN']);
  });
});
