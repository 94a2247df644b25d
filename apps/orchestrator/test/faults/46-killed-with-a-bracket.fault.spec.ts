import { randomUUID } from 'node:crypto';
import type { Order, Position } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { CrashPoint } from '../../src/crash-points/crash-points';
import type { OrchestratorProcess } from '../orchestrator-process';
import { TradingFloor } from '../trading-floor';

const ACCOUNT = 'PAPER_TRADER_001';
const SYMBOLS = ['RELIANCE', 'TCS', 'SBIN', 'INFY', 'ITC'] as const;
/** Every step between the bar that reaches a target and the fill that closes the position: the paper broker fills as it takes. */
const DEATHS: readonly CrashPoint[] = [
  'signal.store',
  'signal.stored',
  'order.create',
  'order.created',
  'risk.asked',
  'order.submit',
  'order.submitted',
  'broker.send',
  'broker.sent',
  'order.taken',
  'news.told',
  'signal.finish',
  'signal.finished',
  'checkpoint.store',
  'checkpoint.stored',
];

class Desk {
  constructor(
    readonly floor: TradingFloor,
    public service: OrchestratorProcess,
  ) {}

  async ready(): Promise<void> {
    await waitFor(
      async () => {
        const list = await this.service.get<{ trading: { state: string } }[]>('accounts').catch(() => []);
        return list[0]?.trading.state === 'trading';
      },
      { timeoutMs: 60_000 },
    );
    await this.floor.ignoreLosses(this.service);
  }

  async bought(symbol: string): Promise<Order> {
    this.floor.price(symbol, 100);
    const request = {
      requestId: randomUUID(),
      accountId: ACCOUNT,
      symbol,
      side: 'BUY',
      type: 'MARKET',
      quantity: 10,
      stopLoss: 95,
      takeProfit: 110,
      repeat: true,
      by: 'mira',
      reason: 'a test',
    };
    // Until the price is seen there, it is the one that the position before was closed at.
    const entry = await waitFor(() => this.service.post<Order>('orders', request), { timeoutMs: 20_000 });
    expect(entry.status).toBe('Filled');
    return entry;
  }

  bar(symbol: string, close: number): void {
    this.floor.bar(symbol, { high: close, low: close, close });
  }

  async closedAt(symbol: string, close: number): Promise<void> {
    await waitFor(
      async () => {
        this.bar(symbol, close);
        const positions = await this.service.get<Position[]>('positions');
        const working = await this.floor.rows(
          `select 1 from trading.orders where symbol = $1
            and status not in ('Denied', 'Rejected', 'Canceled', 'Expired', 'Filled')`,
          [symbol],
        );
        return positions.every((one) => one.symbol !== symbol) && working.length === 0;
      },
      { timeoutMs: 60_000, everyMs: 1_000 },
    );
  }

  /** What was sold of a group, fill by fill. */
  async sales({ id }: Order): Promise<number[]> {
    const rows = await this.floor.rows<{ quantity: number }>(
      `select f.quantity from trading.fills f join trading.orders o on o.id = f.order_id
        where o.group_id = $1 and f.side = 'SELL'`,
      [id],
    );
    return rows.map(({ quantity }) => quantity);
  }
}

describe('46: the orchestrator is killed while a bracket closes at the paper broker', () => {
  let desk: Desk;

  beforeAll(async () => {
    const floor = await TradingFloor.open();
    for (const symbol of SYMBOLS) floor.price(symbol, 100);
    desk = new Desk(floor, await floor.start());
  }, 120_000);

  afterAll(() => desk.floor.close());

  it.each(DEATHS.map((point, index) => [point, SYMBOLS[index % SYMBOLS.length] ?? 'ITC'] as const))(
    'at %s (%s): one of stop and target fills, once',
    async (point, symbol) => {
      await desk.ready();
      const entry = await desk.bought(symbol);
      await desk.service.stop();
      // A bar of before may kill it before it hears the feed.
      desk.service = desk.floor.spawn({ CRASH_POINT: point });
      await waitFor(
        () => {
          desk.bar(symbol, 111);
          return !desk.service.alive;
        },
        { timeoutMs: 60_000, everyMs: 1_000 },
      );
      expect(desk.service.endedBy).toBe('SIGKILL');
      desk.service = await desk.floor.start();
      await desk.ready();
      // The market has gone to the other level meanwhile: what was decided at the target stays decided.
      await desk.closedAt(symbol, 94);
      expect(await desk.sales(entry)).toEqual([10]);
      expect(await desk.floor.differences()).toEqual([]);
    },
    120_000,
  );
});

describe('46: two orchestrators with brackets open at the paper broker', () => {
  it('the holder is killed, the other closes each at its level, once', async () => {
    const floor = await TradingFloor.open();
    try {
      const desk = new Desk(floor, await floor.start());
      await desk.ready();
      const standby = await floor.start();
      const [one, other] = [await desk.bought('RELIANCE'), await desk.bought('TCS')];
      await desk.service.kill();
      desk.service = standby;
      await desk.ready();
      await desk.closedAt('RELIANCE', 111);
      await desk.closedAt('TCS', 94);
      expect(await desk.sales(one)).toEqual([10]);
      expect(await desk.sales(other)).toEqual([10]);
      expect(await floor.differences()).toEqual([]);
    } finally {
      await floor.close();
    }
  }, 120_000);
});
