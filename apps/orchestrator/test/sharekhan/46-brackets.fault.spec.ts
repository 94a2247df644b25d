import type { Order, Position } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { CrashPoint } from '../../src/crash-points/crash-points';
import type { OrchestratorProcess } from '../orchestrator-process';
import { ACCOUNT, ShareKhanFloor } from './sharekhan-floor';

const by = { by: 'mira', reason: 'a test' };
const BRACKET = { stopLoss: 95, takeProfit: 110 };
/** A position is without a stop at the broker for no longer, while the broker answers (milliseconds). */
const NAKED_MS = 30_000;
const LIVE = ['Pending', 'In-Process', 'Partly Executed'];

/** A person's brackets on an account of ShareKhan. */
class Desk {
  constructor(
    readonly sk: ShareKhanFloor,
    public service: OrchestratorProcess,
  ) {}

  static async open(): Promise<Desk> {
    const sk = await ShareKhanFloor.open();
    return new Desk(sk, await sk.start());
  }

  async position(symbol: string): Promise<Position | undefined> {
    const positions = await this.service.get<Position[]>(`positions?account=${ACCOUNT}`);
    return positions.find((one) => one.symbol === symbol);
  }

  async working(symbol: string) {
    const rows = await this.sk.broker.report();
    return rows.filter((row) => row.tradingSymbol === symbol && LIVE.includes(row.orderStatus));
  }

  orders(symbol: string): Promise<Order[]> {
    return this.service.get<Order[]>(`orders?account=${ACCOUNT}&symbol=${symbol}`);
  }

  /** The one stop that rests, once it rests for all that is held. */
  stop(symbol: string) {
    return waitFor(
      async () => {
        const [row, ...more] = await this.working(symbol);
        const held = (await this.position(symbol))?.quantity ?? 0;
        expect(more).toEqual([]);
        return held > 0 && row?.orderQty === held && row;
      },
      { timeoutMs: NAKED_MS, everyMs: 100 },
    );
  }

  async bought(symbol: string, more: object = {}): Promise<Order> {
    this.sk.floor.price(symbol, 100);
    await waitFor(async () => (await this.sk.tradingOf(this.service)) === 'trading', { timeoutMs: 60_000 });
    const entry = await this.sk.place(this.service, { symbol, ...BRACKET, ...more });
    await this.stop(symbol);
    return entry;
  }

  exits(symbol: string, exits: object) {
    const body = JSON.stringify({ accountId: ACCOUNT, symbol, ...exits, ...by });
    return this.service.fetch('positions/exits', { method: 'PUT', body });
  }

  /** Bars at the price until nothing is held and nothing works. */
  async closedAt(symbol: string, close: number): Promise<void> {
    await waitFor(
      async () => {
        this.sk.floor.bar(symbol, { high: close, low: close, close });
        return this.isOver(symbol);
      },
      { timeoutMs: 90_000, everyMs: 1_000 },
    );
  }

  async isOver(symbol: string): Promise<boolean> {
    return (await this.position(symbol)) === undefined && (await this.working(symbol)).length === 0;
  }

  /** What was sold of the symbol at the broker, order by order. */
  async sales(symbol: string): Promise<number[]> {
    const all = await this.orders(symbol);
    const sold = new Set(all.filter(({ side }) => side === 'SELL').map(({ brokerOrderId }) => brokerOrderId));
    return (await this.sk.broker.report())
      .filter(({ orderId, execQty }) => sold.has(orderId) && execQty > 0)
      .map(({ execQty }) => execQty);
  }
}

describe("46: a person's bracket on a real account", () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open();
  }, 120_000);

  afterEach(async () => {
    await desk.sk.broker.show({ kind: 'clear' });
    expect(await desk.sk.differences()).toEqual([]);
  });

  afterAll(() => desk.sk.close());

  it('rests its stop at the broker, smaller when less is held; the target takes it back and sells once', async () => {
    const entry = await desk.bought('RELIANCE');
    const part = await desk.sk.place(desk.service, { side: 'SELL', quantity: 1 });
    await desk.sk.becomes(desk.service, part, ({ status }) => status === 'Filled');
    expect((await desk.stop('RELIANCE')).orderQty).toBe(2);
    await desk.closedAt('RELIANCE', 111);
    expect((await desk.sales('RELIANCE')).sort()).toEqual([1, 2]);
    const group = await desk.service.get<Order[]>(`orders?group=${entry.id}`);
    expect(group.filter(({ protective }) => protective).map(({ status }) => status)).toEqual(['Canceled']);
    expect(group.find(({ reduceOnly, protective }) => reduceOnly && !protective)).toMatchObject({
      status: 'Filled',
      filledQuantity: 2,
    });
  }, 120_000);

  it('is closed by its stop, and by nothing more', async () => {
    await desk.bought('TCS');
    await desk.sk.broker.show({ kind: 'stops', how: 'trigger' });
    await waitFor(() => desk.isOver('TCS'), { timeoutMs: NAKED_MS, everyMs: 100 });
    // The market is at the target a moment later.
    for (let count = 0; count < 3; count += 1) desk.sk.floor.bar('TCS', { high: 111, low: 111, close: 111 });
    await waitFor(() => desk.isOver('TCS'));
    expect(await desk.sales('TCS')).toEqual([3]);
  }, 120_000);

  it('moves its stop where it rests, and loses it when the person cancels it', async () => {
    await desk.bought('SBIN');
    const before = await desk.stop('SBIN');
    expect((await desk.exits('SBIN', { stopLoss: 97, takeProfit: 110 })).status).toBe(200);
    const stops = async () => (await desk.orders('SBIN')).filter((one) => one.protective);
    await waitFor(async () => (await stops())[0]?.triggerPrice === 97, { timeoutMs: NAKED_MS });
    expect(await stops()).toHaveLength(1);
    expect((await desk.stop('SBIN')).orderQty).toBe(before.orderQty);
    const [leg] = await stops();
    const change = JSON.stringify({ quantity: 1, ...by });
    const refused = await desk.service.fetch(`orders/${leg?.id}`, { method: 'PATCH', body: change });
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'CHANGE_IMPOSSIBLE' }]);
    await desk.service.post(`orders/${leg?.id}/cancel`, by);
    await waitFor(async () => (await desk.working('SBIN')).length === 0, { timeoutMs: NAKED_MS });
    expect(await desk.position('SBIN')).toMatchObject({ stopLoss: null, takeProfit: 110, quantity: 3 });
    // The target goes on alone; a second look at the books places no stop.
    await desk.closedAt('SBIN', 111);
    expect(await desk.sales('SBIN')).toEqual([3]);
    expect(await stops()).toHaveLength(1);
  }, 120_000);

  it('is given to what is held already, stays over HALTED, and makes way for FLATTEN', async () => {
    desk.sk.floor.price('INFY', 100);
    const entry = await desk.sk.place(desk.service, { symbol: 'INFY' });
    await desk.sk.becomes(desk.service, entry, ({ status }) => status === 'Filled');
    expect(await desk.working('INFY')).toEqual([]);
    expect((await desk.exits('INFY', BRACKET)).status).toBe(200);
    const first = await desk.stop('INFY');
    await desk.service.post('trading/halt', by);
    await desk.sk.broker.show({ kind: 'stops', how: 'cancel' });
    await waitFor(async () => (await desk.stop('INFY')).orderId !== first.orderId, { timeoutMs: NAKED_MS });
    await desk.service.post('trading/flatten', by);
    await waitFor(() => desk.isOver('INFY'), { timeoutMs: NAKED_MS });
    expect(await desk.sales('INFY')).toEqual([3]);
    await waitFor(async () => (await desk.service.get<{ mode: string }>('trading/state')).mode === 'HALTED', {
      timeoutMs: 20_000,
    });
    await desk.service.post('trading/reset', by);
  }, 120_000);

  it('has only what has filled of its entry; its end cancels the rest', async () => {
    desk.sk.floor.price('ITC', 100);
    await desk.sk.broker.show({ kind: 'partial-fills', fraction: 0.4 });
    const entry = await desk.sk.place(desk.service, { symbol: 'ITC', quantity: 5, ...BRACKET });
    const stopRests = async () => {
      const rows = await desk.working('ITC');
      return rows.some(({ orderQty }) => orderQty === 2) && rows.length === 2;
    };
    await waitFor(stopRests, { timeoutMs: NAKED_MS });
    await desk.sk.broker.show({ kind: 'stops', how: 'trigger' });
    await waitFor(() => desk.isOver('ITC'), { timeoutMs: NAKED_MS });
    expect(await desk.sk.order(desk.service, entry)).toMatchObject({ status: 'Canceled', filledQuantity: 2 });
    expect(await desk.sales('ITC')).toEqual([2]);
  }, 120_000);
});

/** Where the process dies while a target takes the stop back and sells; the steps before are those of the paper broker. */
const DEATHS: readonly CrashPoint[] = [
  'cancel.send',
  'cancel.sent',
  'order.submitted',
  'broker.send',
  'broker.sent',
  'fill.stored',
];
const SYMBOLS = ['RELIANCE', 'TCS', 'SBIN', 'INFY', 'ITC'] as const;

describe('46: the orchestrator is killed while a bracket closes', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open();
  }, 120_000);

  afterAll(() => desk.sk.close());

  it.each(DEATHS.map((point, index) => [point, SYMBOLS[index % SYMBOLS.length] ?? 'ITC'] as const))(
    'at %s (%s): one of stop and target fills, once',
    async (point, symbol) => {
      const before = await desk.sales(symbol);
      await desk.bought(symbol);
      await desk.service.stop();
      desk.service = await desk.sk.start({ CRASH_POINT: point }, { login: false });
      await waitFor(
        () => {
          desk.sk.floor.bar(symbol, { high: 111, low: 111, close: 111 });
          return !desk.service.alive;
        },
        { timeoutMs: 60_000, everyMs: 1_000 },
      );
      expect(desk.service.endedBy).toBe('SIGKILL');
      desk.service = await desk.sk.start({}, { login: false });
      await desk.closedAt(symbol, 111);
      expect(await desk.sales(symbol)).toEqual([...before, 3]);
      expect(await desk.sk.differences()).toEqual([]);
    },
    180_000,
  );
});

describe('46: the orchestrator is killed while a person moves a stop', () => {
  it.each(['change.send', 'change.sent'] as const)(
    'at %s: one stop rests, where the person wants it',
    async (point) => {
      const desk = await Desk.open();
      try {
        await desk.bought('RELIANCE');
        await desk.service.stop();
        desk.service = await desk.sk.start({ CRASH_POINT: point }, { login: false });
        await waitFor(async () => (await desk.sk.tradingOf(desk.service)) === 'trading', {
          timeoutMs: 60_000,
        });
        await desk
          .exits('RELIANCE', { stopLoss: 97, takeProfit: null })
          .catch(() => 'it dies before it answers');
        await waitFor(() => !desk.service.alive, { timeoutMs: 30_000 });
        expect(desk.service.endedBy).toBe('SIGKILL');
        desk.service = await desk.sk.start({}, { login: false });
        const stops = async () => (await desk.orders('RELIANCE')).filter((one) => one.protective);
        await waitFor(
          async () => {
            const [stop] = await stops();
            return stop?.triggerPrice === 97 && stop.status === 'Accepted';
          },
          { timeoutMs: 90_000, everyMs: 100 },
        );
        expect(await stops()).toHaveLength(1);
        await desk.sk.broker.show({ kind: 'stops', how: 'trigger' });
        await waitFor(() => desk.isOver('RELIANCE'), { timeoutMs: NAKED_MS });
        expect(await desk.sales('RELIANCE')).toEqual([3]);
        expect(await desk.sk.differences()).toEqual([]);
      } finally {
        await desk.sk.close();
      }
    },
    180_000,
  );
});

describe('46: two orchestrators with a bracket open', () => {
  it('the holder is killed, the other goes on: the stop that rests is not doubled, one of both fills', async () => {
    const desk = await Desk.open();
    try {
      const { sk } = desk;
      const holder = desk.service;
      const standby = await sk.floor.start(sk.env());
      await desk.bought('RELIANCE');
      await desk.bought('TCS');
      const [reliance, tcs] = [await desk.stop('RELIANCE'), await desk.stop('TCS')];
      await holder.kill();
      desk.service = standby;
      await waitFor(async () => (await sk.tradingOf(standby)) === 'trading', { timeoutMs: 60_000 });
      expect((await desk.stop('RELIANCE')).orderId).toBe(reliance.orderId);
      expect((await desk.stop('TCS')).orderId).toBe(tcs.orderId);
      await desk.closedAt('RELIANCE', 111);
      await sk.broker.show({ kind: 'stops', how: 'trigger' });
      await waitFor(() => desk.isOver('TCS'), { timeoutMs: NAKED_MS });
      expect(await desk.sales('RELIANCE')).toEqual([3]);
      expect(await desk.sales('TCS')).toEqual([3]);
      expect(await sk.differences()).toEqual([]);
    } finally {
      await desk.sk.close();
    }
  }, 180_000);
});
