import type { Account, Order, Position } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from '../orchestrator-process';
import { ACCOUNT, ShareKhanFloor } from './sharekhan-floor';

const STRATEGY = 'momentum-breakout';
const by = { by: 'mira', reason: 'a test' };
/** A position is without a stop at the broker for no longer, while the broker answers (milliseconds). */
const NAKED_MS = 30_000;

describe('46: a position of a real account and its stop at the broker', () => {
  let sk: ShareKhanFloor;
  let service: OrchestratorProcess;

  const held = async (symbol: string) => {
    const positions = await service.get<Position[]>(`positions`);
    const own = positions.find((one) => one.accountId === ACCOUNT && one.symbol === symbol);
    return own?.quantity ?? 0;
  };
  const orders = async (symbol: string) =>
    (await service.get<Order[]>(`orders?account=${ACCOUNT}&symbol=${symbol}`)).reverse();
  /** What works at the broker in the symbol. */
  const working = async (symbol: string) =>
    (await sk.broker.report()).filter(
      (row) =>
        row.tradingSymbol === symbol &&
        ['Pending', 'In-Process', 'Partly Executed'].includes(row.orderStatus),
    );
  /** The one stop that rests, once it rests for all that is held. */
  const protectedBy = (symbol: string) =>
    waitFor(
      async () => {
        const [row, ...more] = await working(symbol);
        const quantity = await held(symbol);
        expect(more).toEqual([]);
        return quantity > 0 && row?.orderQty === quantity && row;
      },
      { timeoutMs: NAKED_MS, everyMs: 100 },
    );
  const bought = async (symbol: string) => {
    sk.floor.breakout(symbol);
    await waitFor(async () => (await held(symbol)) > 0, { timeoutMs: 20_000 });
    return protectedBy(symbol);
  };
  const flat = (symbol: string) =>
    waitFor(async () => (await held(symbol)) === 0 && (await working(symbol)).length === 0, {
      timeoutMs: NAKED_MS,
      everyMs: 100,
    });
  const sell = (symbol: string, quantity: number, more: object = {}) =>
    sk.place(service, { symbol, side: 'SELL', quantity, strategy: STRATEGY, ...more });

  beforeAll(async () => {
    sk = await ShareKhanFloor.open();
    service = await sk.start();
    await sk.follow(service);
  }, 120_000);

  afterEach(async () => {
    await sk.broker.show({ kind: 'clear' });
    expect(await sk.differences()).toEqual([]);
  });

  afterAll(() => sk.close());

  it('has one stop of its quantity, which makes way for an exit: never do both fill', async () => {
    await bought('RELIANCE');
    const quantity = await held('RELIANCE');
    const part = await sell('RELIANCE', 1);
    await sk.becomes(service, part, ({ status }) => status === 'Filled');
    const smaller = await protectedBy('RELIANCE');
    expect(smaller.orderQty).toBe(quantity - 1);
    const refused = await sell('RELIANCE', 1, { type: 'LIMIT', limitPrice: 100_000 });
    expect(refused).toMatchObject({ status: 'Denied', rejection: { code: 'POSITION_PROTECTED' } });
    const rest = await sell('RELIANCE', quantity - 1);
    await sk.becomes(service, rest, ({ status }) => status === 'Filled');
    await flat('RELIANCE');
    const all = await orders('RELIANCE');
    const group = new Set(all.map(({ groupId }) => groupId));
    expect([...group]).toEqual([all[0]?.id]);
    const stops = all.filter(({ protective: isStop }) => isStop);
    expect(stops.map(({ status, filledQuantity }) => [status, filledQuantity])).toEqual([['Canceled', 0]]);
  }, 90_000);

  it('is closed by the stop, and by nothing more', async () => {
    await bought('TCS');
    await sk.broker.show({ kind: 'stops', how: 'trigger' });
    await flat('TCS');
    const sold = (await orders('TCS')).filter(
      ({ side, filledQuantity }) => side === 'SELL' && filledQuantity > 0,
    );
    expect(sold.map(({ protective: isStop }) => isStop)).toEqual([true]);
  }, 90_000);

  it('gets its stop again when the exchange cancels it, and when it is filled while being canceled nothing else fills', async () => {
    const first = await bought('SBIN');
    await sk.broker.show({ kind: 'stops', how: 'cancel' });
    const second = await waitFor(async () => {
      const row = await protectedBy('SBIN');
      return row.orderId !== first.orderId && row;
    });
    expect(second.orderQty).toBe(first.orderQty);
    await sk.broker.show({ kind: 'stops', how: 'fill-on-cancel' });
    const exit = await sell('SBIN', first.orderQty);
    await flat('SBIN');
    const ended = await sk.becomes(service, exit, ({ status }) =>
      ['Denied', 'Rejected', 'Filled'].includes(status),
    );
    expect(ended.filledQuantity).toBe(0);
    expect(
      (await orders('SBIN')).filter(({ side, filledQuantity }) => side === 'SELL' && filledQuantity > 0),
    ).toHaveLength(1);
  }, 120_000);

  it('is closed, with an alarm, when the broker takes no stop', async () => {
    await bought('INFY');
    // Canceled once and refused twice: three failures in a row.
    await sk.broker.show({ kind: 'reject-orders', message: 'RMS: no stop orders', count: 2 });
    await sk.broker.show({ kind: 'stops', how: 'cancel' });
    const told = waitFor(
      async () => {
        const list = await service.get<Account[]>('accounts');
        return list.some(({ trading }) => trading.alarms.some((alarm) => alarm.includes('STOP_REFUSED')));
      },
      { timeoutMs: NAKED_MS, everyMs: 20 },
    );
    await told;
    await flat('INFY');
  }, 90_000);

  it('keeps one stop over a killed platform: the next one knows it', async () => {
    const before = await bought('ITC');
    await service.kill();
    expect((await working('ITC')).map(({ orderId }) => orderId)).toEqual([before.orderId]);
    service = await sk.start({}, { login: false });
    const after = await protectedBy('ITC');
    expect(after.orderId).toBe(before.orderId);
    await service.post('trading/halt', by);
    await sk.broker.show({ kind: 'stops', how: 'cancel' });
    await waitFor(async () => (await protectedBy('ITC')).orderId !== before.orderId);
    await service.post('trading/flatten', by);
    await flat('ITC');
    await waitFor(async () => (await service.get<{ mode: string }>('trading/state')).mode === 'HALTED', {
      timeoutMs: 20_000,
    });
  }, 120_000);
});
