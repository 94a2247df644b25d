import type { Order } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from '../orchestrator-process';
import { ACCOUNT, ShareKhanFloor } from './sharekhan-floor';

export const SYMBOLS = ['RELIANCE', 'TCS', 'SBIN', 'INFY', 'ITC'] as const;
const WORKING = ['Pending', 'In-Process', 'Partly Executed'];
const OVER = ['Denied', 'Rejected', 'Canceled', 'Expired', 'Filled'];
const QUANTITY = 3;
/** The broker's books are looked at this often (milliseconds). */
const SAMPLE_MS = 100;
/** A run whose position is not closed by then has failed (milliseconds). */
const RUN_MS = 150_000;

const CALLS = ['new', 'modify', 'cancel', 'report'];
const HOW = ['silence', 'cut', 'server-error', 'unreadable', 'throttle'];
/** What goes wrong around stops; tokens that die are left out: only a person ends that. */
const FAULTS: readonly ((random: () => number) => object)[] = [
  ...CALLS.flatMap((to) =>
    HOW.map((how) => (random: () => number) => ({
      kind: 'answer',
      to,
      how,
      taken: how !== 'throttle' && random() < 0.6,
    })),
  ),
  () => ({ kind: 'reject-orders' }),
  () => ({ kind: 'stops', how: 'cancel' }),
  () => ({ kind: 'stops', how: 'fill-on-cancel' }),
  (random) => ({ kind: 'stops', how: 'cancel-late', delayMs: 200 + Math.floor(random() * 5_000) }),
  // Later than the platform waits before it takes a cancel for refused.
  () => ({ kind: 'stops', how: 'cancel-late', delayMs: 20_000 }),
  () => ({ kind: 'acknowledgements', how: 'late', delayMs: 1_500 }),
  () => ({ kind: 'acknowledgements', how: 'duplicate' }),
  () => ({ kind: 'acknowledgements', how: 'reorder' }),
  () => ({ kind: 'drop-streams' }),
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

/** What the broker's books have shown. */
export interface Watched {
  /** Longest times without an order that closes what is held (milliseconds), one for each time. */
  readonly naked: number[];
  /** More sold, or being sold, than is held. */
  readonly tooMuch: string[];
}

/** Brackets on a real account whose broker misbehaves, one after the other in each symbol. */
export class MisbehavingDesk {
  readonly watched: Watched = { naked: [], tooMuch: [] };
  private readonly nakedSince = new Map<string, number>();
  private watching = true;

  private constructor(
    private readonly sk: ShareKhanFloor,
    private readonly service: OrchestratorProcess,
  ) {}

  static async open(): Promise<MisbehavingDesk> {
    const sk = await ShareKhanFloor.open();
    return new MisbehavingDesk(sk, await sk.start());
  }

  /** Runs the seeds, in each symbol one after the other. @returns how many of them opened a position */
  async run(seeds: readonly number[]): Promise<number> {
    const watch = this.watch();
    const left = [...seeds];
    let opened = 0;
    await Promise.all(
      SYMBOLS.map(async (symbol) => {
        for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
          if (await this.bracket(seed, symbol)) opened += 1;
        }
      }),
    );
    await this.sk.broker.show({ kind: 'clear' });
    await waitFor(async () => (await this.sk.differences()).length === 0, { timeoutMs: 60_000 });
    this.watching = false;
    await watch;
    return opened;
  }

  async close(): Promise<void> {
    this.watching = false;
    await this.sk.close();
  }

  private async bracket(seed: number, symbol: string): Promise<boolean> {
    const random = numbers(seed);
    const spoil = async (odds: number) => {
      if (random() >= odds) return;
      const fault = FAULTS[Math.floor(random() * FAULTS.length)];
      if (fault) await this.sk.broker.show(fault(random));
    };
    const short = random() < 0.3;
    this.sk.floor.price(symbol, 100);
    const levels = short
      ? { side: 'SELL', stopLoss: 105, takeProfit: 90 }
      : { stopLoss: 95, takeProfit: 110 };
    await spoil(0.5);
    const entry = await this.sk.place(this.service, {
      symbol,
      quantity: QUANTITY,
      product: 'intraday',
      ...levels,
    });
    const ended = await this.sk.becomes(this.service, entry, ({ status }) => OVER.includes(status), RUN_MS);
    await spoil(0.6);
    if (random() < 0.3) {
      const body = { accountId: ACCOUNT, symbol, by: 'mira', reason: 'a test' };
      const moved = short ? { stopLoss: 104, takeProfit: 90 } : { stopLoss: 96, takeProfit: 110 };
      // Another run may have woken the stop: then there is nothing to move.
      await this.service.fetch('positions/exits', {
        method: 'PUT',
        body: JSON.stringify({ ...body, ...moved }),
      });
    }
    await spoil(0.6);
    const atTarget = random() < 0.6;
    if (!atTarget && random() < 0.5) await this.sk.broker.show({ kind: 'stops', how: 'trigger' });
    const close = atTarget === short ? 89 : 111;
    await waitFor(
      async () => {
        this.sk.floor.bar(symbol, { high: close, low: close, close });
        return this.isOver(symbol);
      },
      { timeoutMs: RUN_MS, everyMs: 500 },
    ).catch(async (error: unknown) => {
      const orders = await this.service.get<Order[]>(`orders?account=${ACCOUNT}&group=${entry.id}`);
      throw new Error(`seed ${seed} does not end: ${JSON.stringify(orders)}`, { cause: error });
    });
    return ended.filledQuantity > 0;
  }

  /** Nothing is held by ledger and broker, and nothing works. */
  private async isOver(symbol: string): Promise<boolean> {
    const [{ n } = { n: 1 }] = await this.sk.floor.rows<{ n: number }>(
      `select ((select count(*) from trading.positions where symbol = $1 and quantity <> 0)
        + (select count(*) from trading.orders where symbol = $1
           and status not in ('Denied', 'Rejected', 'Canceled', 'Expired', 'Filled')))::int as n`,
      [symbol],
    );
    if (n > 0) return false;
    const rows = (await this.sk.broker.report()).filter(({ tradingSymbol }) => tradingSymbol === symbol);
    const net = rows.reduce(
      (sum, { buySell, execQty }) => sum + (buySell.startsWith('B') ? execQty : -execQty),
      0,
    );
    return net === 0 && rows.every(({ orderStatus }) => !WORKING.includes(orderStatus));
  }

  private async watch(): Promise<void> {
    while (this.watching) {
      const rows = await this.sk.broker.report();
      const now = performance.now();
      for (const symbol of SYMBOLS) {
        const own = rows.filter(({ tradingSymbol }) => tradingSymbol === symbol);
        const net = own.reduce(
          (sum, { buySell, execQty }) => sum + (buySell.startsWith('B') ? execQty : -execQty),
          0,
        );
        const closing = own
          .filter(
            ({ orderStatus, buySell }) =>
              WORKING.includes(orderStatus) && buySell.startsWith(net > 0 ? 'S' : 'B'),
          )
          .reduce((sum, { orderQty, execQty }) => sum + orderQty - execQty, 0);
        // An entry of the other side opens nothing while something is held: only one order closes.
        if (net !== 0 && closing > Math.abs(net))
          this.watched.tooMuch.push(`${symbol}: ${closing} for ${net}`);
        if (Math.abs(net) > QUANTITY) this.watched.tooMuch.push(`${symbol}: ${net} held`);
        const since = this.nakedSince.get(symbol);
        const isNaked = net !== 0 && closing === 0;
        if (isNaked && since === undefined) this.nakedSince.set(symbol, now);
        if (!isNaked && since !== undefined) {
          this.watched.naked.push(now - since);
          this.nakedSince.delete(symbol);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  }
}
