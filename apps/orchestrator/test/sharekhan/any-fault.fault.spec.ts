import type { Order } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from '../orchestrator-process';
import { ACCOUNT, ShareKhanFloor } from './sharekhan-floor';

const ORDERS = 40;
const SEED = 20_261_121;
const SYMBOLS = ['RELIANCE', 'TCS', 'SBIN', 'INFY', 'ITC'];

/** Everything that can go wrong with a call, the stream or the exchange. */
const FAULTS: readonly object[] = [
  ...['silence', 'cut', 'server-error', 'bad-gateway', 'unreadable'].flatMap((how) => [
    { kind: 'answer', to: 'new', how, taken: true },
    { kind: 'answer', to: 'new', how, taken: false },
    { kind: 'answer', to: 'report', how },
  ]),
  { kind: 'answer', to: 'new', how: 'bad-order-id', taken: false },
  { kind: 'answer', to: 'new', how: 'throttle', taken: false },
  { kind: 'answer', to: 'report', how: 'throttle' },
  { kind: 'reject-orders' },
  { kind: 'acknowledgements', how: 'duplicate' },
  { kind: 'acknowledgements', how: 'late', delayMs: 300 },
  { kind: 'acknowledgements', how: 'reorder' },
  { kind: 'drop-streams' },
  { kind: 'kill-tokens' },
];

/** Numbers from 0 to 1, the same for a seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('any order of faults of the broker', () => {
  let sk: ShareKhanFloor;
  let service: OrchestratorProcess;
  const random = numbers(SEED);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

  beforeAll(async () => {
    sk = await ShareKhanFloor.open();
    service = await sk.start();
  }, 120_000);

  afterAll(() => sk.close());

  it(`leaves ledger and day report equal, each order there once or not at all (seed ${SEED})`, async () => {
    const placed: Order[] = [];
    for (let index = 0; index < ORDERS; index += 1) {
      const fault = one(FAULTS);
      if (random() < 0.7) await sk.broker.show(fault);
      const limit = random() < 0.3 ? { type: 'LIMIT', limitPrice: 100_000 } : {};
      const side = random() < 0.3 ? 'SELL' : 'BUY';
      placed.push(
        await sk.place(service, {
          symbol: one(SYMBOLS),
          quantity: 1 + Math.floor(random() * 9),
          side,
          ...limit,
        }),
      );
      const { state } = await service.get<{ state: string }>(`accounts/${ACCOUNT}/token`);
      if (state === 'rejected') await sk.logIn(service);
    }
    await sk.broker.show({ kind: 'clear' });
    if ((await service.get<{ state: string }>(`accounts/${ACCOUNT}/token`)).state === 'rejected') {
      await sk.logIn(service);
    }

    // Limits to sell far above the market rest; everything else comes to an end.
    const ended = async (order: Order) => {
      const { status, side, type } = await sk.order(service, order);
      const rests = side === 'SELL' && type === 'LIMIT';
      // So many failing calls trip the kill ladder, which cancels what rests.
      return ['Filled', 'Rejected', 'Canceled'].includes(status) || (rests && status === 'Accepted');
    };
    await waitFor(
      async () => {
        // A kill that only shows now.
        const { state } = await service.get<{ state: string }>(`accounts/${ACCOUNT}/token`);
        if (state === 'rejected') await sk.logIn(service);
        return (await Promise.all(placed.map(ended))).every(Boolean);
      },
      { timeoutMs: 60_000, everyMs: 250 },
    ).catch(async (error: unknown) => {
      const all = await Promise.all(placed.map((order) => sk.order(service, order)));
      const open = all.filter(({ status }) => !['Filled', 'Rejected'].includes(status));
      throw new Error(`still open: ${JSON.stringify(open)}`, { cause: error });
    });
    // The ladder closes positions with orders of its own; these too come to an end.
    await waitFor(async () => (await sk.differences()).length === 0, { timeoutMs: 30_000 });
    const ledger = await sk.floor.rows<{ id: string }>(
      `select broker_order_id as id from trading.orders where account_id = $1 and broker_order_id is not null`,
      [ACCOUNT],
    );
    const ids = ledger.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await sk.differences()).toEqual([]);
  }, 240_000);
});
