import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Account,
  BooksCheck,
  ChargeDifference,
  ChargeEstimate,
  ContractNoteAnswer,
  ManualOrder,
  Order,
  PortfolioDay,
} from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { builtInCharges } from '@tickbridge/trading-core';
import type { OrchestratorProcess } from './orchestrator-process';
import { TradingFloor } from './trading-floor';

const by = { by: 'mira', reason: 'a test' };

interface StoredFill {
  fee: string;
  charges: Record<string, string> | null;
}

describe('charges of orders', () => {
  let floor: TradingFloor;
  let service: OrchestratorProcess;
  let directory: string;

  const place = (order: Partial<ManualOrder>) =>
    service.post<Order>('orders', {
      requestId: randomUUID(),
      symbol: 'RELIANCE',
      side: 'BUY',
      type: 'MARKET',
      repeat: true,
      ...by,
      ...order,
    });
  const filled = (id: string) =>
    waitFor(async () => (await service.get<Order>(`orders/${id}`)).status === 'Filled');
  const fillsOf = (id: string) =>
    floor.rows<StoredFill>('select fee, charges from trading.fills where order_id = $1 order by position', [
      id,
    ]);
  const total = (fills: StoredFill[], item: string) =>
    fills.reduce((sum, { charges }) => sum + Math.round(Number(charges?.[item] ?? 0) * 100), 0) / 100;
  /** The trading day of the account's market: another date than ours for some hours of each day. */
  const today = async (account: string) => {
    const [day] = await service.get<PortfolioDay[]>(`portfolio/days?account=${account}&limit=1`);
    return day?.day;
  };
  const open = (id: string, more: object = {}) =>
    service.post<Account>('accounts', {
      id,
      broker: 'paper',
      feed: 'simulator',
      capital: '1000000',
      ...by,
      ...more,
    });
  const trades = (id: string) =>
    waitFor(async () => {
      const all = await service.get<Account[]>('accounts');
      return all.find((account) => account.id === id)?.trading.state === 'trading';
    });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'charges-'));
    await mkdir(directory, { recursive: true });
    const zerodha = builtInCharges().find(({ id }) => id === 'zerodha');
    await writeFile(join(directory, 'friend.json'), JSON.stringify({ ...zerodha, id: 'friend' }));
    await writeFile(join(directory, 'bad.json'), '{}');
    floor = await TradingFloor.open();
    floor.price('RELIANCE', 100);
    service = await floor.start({ CHARGES_DIR: directory });
    await trades('PAPER_TRADER_001');
    await floor.ignoreLosses(service);
    await open('ZERODHA', { chargePlan: 'zerodha/standard' });
    await trades('ZERODHA');
  }, 120_000);

  afterAll(async () => {
    await floor.close();
    await rm(directory, { recursive: true });
  });

  it('are booked with each fill, by item, as the plan of the account says', async () => {
    const { id } = await place({ accountId: 'PAPER_TRADER_001', quantity: 10 });
    await filled(id);
    const [fill] = (await fillsOf(id)) as [StoredFill];
    // 10 at 100.07: 0.02 % brokerage, more than a paisa a share.
    expect(fill.charges).toEqual({
      brokerage: '0.2',
      exchange: '0.03',
      'stamp-duty': '0.03',
      'service-tax': '0.04',
    });
    expect(fill.fee).toBe('0.3');
    const [stored] = await floor.rows<{ agree: boolean }>(
      `select bool_and(p.fees = f.fees) as agree from trading.positions p join (select account_id, sum(fee) fees
        from trading.fills group by 1) f using (account_id) where account_id = 'PAPER_TRADER_001'`,
    );
    expect(stored?.agree).toBe(true);
  });

  it('are of the order, however many fills it has: the cap counts once', async () => {
    const { id } = await place({ accountId: 'ZERODHA', quantity: 250_000, type: 'LIMIT', limitPrice: 101 });
    // Each quote gives what it offers once.
    let looks = 0;
    await waitFor(async () => {
      floor.price('RELIANCE', (looks += 1) % 2 === 0 ? 100 : 100.05);
      return (await service.get<Order>(`orders/${id}`)).status === 'Filled';
    });
    floor.price('RELIANCE', 100);
    const fills = await fillsOf(id);
    expect(fills.length).toBeGreaterThan(1);
    expect(total(fills, 'brokerage')).toBe(20);
    const [value] = await floor.rows<{ value: number }>(
      'select sum(quantity * price)::float8 as value from trading.fills where order_id = $1',
      [id],
    );
    expect(total(fills, 'stamp-duty')).toBeCloseTo((value?.value ?? 0) * 0.00003, 2);
    for (const { fee, charges } of fills) {
      const sum = Object.values(charges ?? {}).reduce(
        (cents, amount) => cents + Math.round(Number(amount) * 100),
        0,
      );
      expect(Number(fee)).toBe(sum / 100);
    }
  });

  it('follow a plan of a file of the folder, chosen for the account; a plan that no file has is refused', async () => {
    const change = (chargePlan: string | null) =>
      service.fetch('accounts/ZERODHA', { method: 'PATCH', body: JSON.stringify({ chargePlan, ...by }) });
    const refused = await change('friend/gold');
    expect([refused.status, await refused.json()]).toEqual([
      409,
      expect.objectContaining({
        code: 'CHARGE_PLAN_UNKNOWN',
        detail: expect.stringContaining('friend/standard'),
      }),
    ]);
    expect(await (await change('friend/standard')).json()).toMatchObject({ chargePlan: 'friend/standard' });
    const { id } = await place({ accountId: 'ZERODHA', side: 'SELL', quantity: 1_000, strategy: 'manual' });
    await filled(id);
    expect((await fillsOf(id))[0]?.charges).toMatchObject({ brokerage: '20' });
    expect(await (await change(null)).json()).toMatchObject({ chargePlan: 'sharekhan/standard' });
  });

  it('are told before an order is placed, by item, with the way back', async () => {
    const asked = 'charges/estimate?account=PAPER_TRADER_001&symbol=RELIANCE&side=BUY&quantity=50&price=1000';
    const estimate = await service.get<ChargeEstimate>(`${asked}&product=delivery`);
    expect(estimate).toMatchObject({
      chargePlan: 'sharekhan/standard',
      value: '50000',
      charges: { brokerage: '150', 'transaction-tax': '50' },
      total: '236.36',
      exitTotal: '253.05',
      roundTrip: '489.41',
    });
    expect(await service.get<ChargeEstimate>(asked)).toMatchObject({ product: 'intraday', total: '15.16' });
    const unknown = await service.fetch(`${asked}&product=spot`);
    expect([unknown.status, await unknown.json()]).toEqual([
      422,
      expect.objectContaining({ code: 'CHARGES_UNKNOWN', detail: expect.stringContaining('equity (spot)') }),
    ]);
  });

  it('that a contract note states otherwise become an entry of their own, once, and the books agree', async () => {
    await open('NOTED');
    await trades('NOTED');
    const { id } = await place({ accountId: 'NOTED', quantity: 10 });
    await filled(id);
    const cash = async () =>
      (await floor.rows<{ cash: string }>(`select cash from trading.accounts where id = 'NOTED'`))[0]?.cash;
    const before = Number(await cash());
    const day = await today('NOTED');
    const csv = `date,symbol,brokerage,exchange,stamp-duty,service-tax,clearing\n${day},RELIANCE,0.2,0.03,0,0.04,0.5\n`;
    const take = (text: string) =>
      service.post<ContractNoteAnswer>('accounts/NOTED/contract-notes', { csv: text, ...by });
    expect(await take(csv)).toMatchObject({
      rows: [{ fills: 1, difference: { 'stamp-duty': '-0.03', clearing: '0.5' }, amount: '-0.47' }],
      amount: '-0.47',
    });
    expect(await take(csv)).toMatchObject({ rows: [{ difference: {} }], amount: '0' });
    expect(Number(await cash())).toBeCloseTo(before - 0.47, 8);
    expect(await service.get<ChargeDifference[]>('accounts/NOTED/charge-differences')).toEqual([
      expect.objectContaining({ day, symbol: 'RELIANCE', amount: '-0.47', recordedBy: 'mira' }),
    ]);
    expect(await service.get<BooksCheck>('portfolio/check?account=NOTED')).toMatchObject({ agrees: true });
    const refusal = async (text: string) => {
      const body = JSON.stringify({ csv: text, ...by });
      const answer = await service.fetch('accounts/NOTED/contract-notes', { method: 'POST', body });
      return [answer.status, ((await answer.json()) as { code: string }).code];
    };
    expect(await refusal(`date,brokerage\n${day},1\n`)).toEqual([409, 'NOTE_OVERLAPS']);
    expect(await refusal(`date,symbol,brokerage\n${day},INFY,1\n`)).toEqual([409, 'NOTE_WITHOUT_FILLS']);
    expect(await refusal('date,brokerage\ntoday,1\n')).toEqual([400, 'INVALID_INPUT']);
    expect(Number(await cash())).toBeCloseTo(before - 0.47, 8);
  });

  it('are compared by the order, under its number at the broker or here, but not under both', async () => {
    await open('BY_ORDER');
    await trades('BY_ORDER');
    const { id } = await place({ accountId: 'BY_ORDER', quantity: 10 });
    await filled(id);
    const day = await today('BY_ORDER');
    const [{ number }] = (await floor.rows<{ number: string }>(
      'select broker_order_id as number from trading.orders where id = $1',
      [id],
    )) as [{ number: string }];
    const take = async (...orders: string[]) => {
      const rows = orders.map((order) => `${day},${order},1`);
      const body = JSON.stringify({ csv: ['date,order_id,brokerage', ...rows].join('\n'), ...by });
      const answer = await service.fetch('accounts/BY_ORDER/contract-notes', { method: 'POST', body });
      return (await answer.json()) as ContractNoteAnswer & { code?: string };
    };
    expect((await take(number, id)).code).toBe('NOTE_OVERLAPS');
    expect(await take(number)).toMatchObject({ rows: [{ orderId: id, difference: { brokerage: '0.8' } }] });
    expect(await take(id)).toMatchObject({ rows: [{ orderId: id, difference: {} }], amount: '0' });
    expect((await take('no such order')).code).toBe('NOTE_WITHOUT_FILLS');
    expect(await service.get<BooksCheck>('portfolio/check?account=BY_ORDER')).toMatchObject({ agrees: true });
  });

  it('name a file of the folder that cannot be used, without stopping', async () => {
    const answer = (await (await fetch(`${service.url}/health/ready`)).json()) as {
      dependencies: Record<string, { status: string; detail?: string }>;
    };
    expect(answer.dependencies['charges']).toMatchObject({
      status: 'degraded',
      detail: expect.stringContaining('bad.json: kind'),
    });
  });
});
