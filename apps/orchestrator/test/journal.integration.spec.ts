import { randomUUID } from 'node:crypto';
import type { ManualOrder, Order, Portfolio, PortfolioDay } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { parse } from 'csv-parse/sync';
import type { OrchestratorProcess } from './orchestrator-process';
import { TradingFloor } from './trading-floor';

const ACCOUNT = 'PAPER_TRADER_001';
const by = { by: 'mira', reason: '=cmd, "quoted"' };

type Row = Record<string, string>;

describe('the journal', () => {
  let floor: TradingFloor;
  let service: OrchestratorProcess;

  const place = (order: Partial<ManualOrder>) =>
    service.post<Order>('orders', {
      requestId: randomUUID(),
      accountId: ACCOUNT,
      symbol: 'RELIANCE',
      type: 'MARKET',
      repeat: true,
      ...by,
      ...order,
    });
  const journal = async (query: string) => {
    const answer = await service.fetch(`portfolio/journal?${query}`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    return parse(await answer.text(), { columns: true, bom: false }) as unknown as Row[];
  };
  const sum = (rows: Row[], column: string) =>
    rows.reduce((total, row) => total + Number(row[column] === '' ? 0 : row[column]), 0);

  beforeAll(async () => {
    floor = await TradingFloor.open();
    floor.price('RELIANCE', 100);
    service = await floor.start();
    await waitFor(async () => {
      const [account] = await service.get<{ trading: { state: string } }[]>('accounts');
      return account?.trading.state === 'trading';
    });
    await floor.ignoreLosses(service);
    await place({ side: 'BUY', quantity: 10 });
    await place({ side: 'BUY', quantity: 5, product: 'intraday' });
    floor.price('RELIANCE', 103);
    await place({ side: 'SELL', quantity: 12 });
    await service.post(`accounts/${ACCOUNT}/transfers`, {
      requestId: randomUUID(),
      kind: 'deposit',
      amount: '500.25',
      ...by,
    });
  }, 120_000);

  afterAll(() => floor.close());

  it('tells every fill with its charges by item, and they add up to the books', async () => {
    const rows = await journal('part=trades');
    const { fees } = await service.get<Portfolio>('portfolio');
    expect(rows.map(({ side, quantity }) => [side, quantity])).toEqual([
      ['BUY', '10'],
      ['BUY', '5'],
      ['SELL', '12'],
    ]);
    expect(sum(rows, 'charges')).toBeCloseTo(Number(fees), 8);
    for (const row of rows) {
      const items = Object.entries(row).slice(14);
      expect(items.length).toBeGreaterThan(3);
      expect(items.reduce((total, [, amount]) => total + Number(amount), 0)).toBeCloseTo(
        Number(row['charges']),
        8,
      );
      expect(Number(row['value'])).toBeCloseTo(Number(row['quantity']) * Number(row['price']), 8);
    }
  });

  it('tells what was closed with its tax category, net of its share of the charges', async () => {
    const rows = await journal('part=lots');
    expect(rows.map(({ category, direction, quantity }) => [category, direction, quantity])).toEqual([
      ['speculative', 'long', '10'],
      ['speculative', 'long', '2'],
    ]);
    const { realizedProfit } = await service.get<Portfolio>('portfolio');
    expect(sum(rows, 'gain')).toBeCloseTo(Number(realizedProfit), 6);
    expect(sum(rows, 'net_gain')).toBeCloseTo(sum(rows, 'gain') - sum(rows, 'charges'), 8);
  });

  it('tells changes of cash, and nothing that a spreadsheet would run', async () => {
    const [row, ...more] = await journal('part=cash');
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      kind: 'deposit',
      amount: '500.25',
      recorded_by: 'mira',
      reason: `'${by.reason}`,
    });
  });

  it('keeps to the days that are asked for', async () => {
    const [today] = await service.get<PortfolioDay[]>('portfolio/days?limit=1');
    for (const part of ['trades', 'lots', 'cash']) {
      expect((await journal(`part=${part}&from=${today?.day}&to=${today?.day}`)).length).toBeGreaterThan(0);
      expect(await journal(`part=${part}&to=2020-01-01`)).toEqual([]);
      expect(await journal(`part=${part}&from=2999-01-01`)).toEqual([]);
    }
  });

  it.each(['part=all', 'from=yesterday', 'account=NOBODY'])('refuses %s', async (query) => {
    const answer = await service.fetch(`portfolio/journal?${query}`);
    expect(answer.status).toBe(query.startsWith('account') ? 404 : 400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});
