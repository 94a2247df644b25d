import type { ProtectedSymbol, SymbolOrder } from './protected-symbol';
import { protectiveActions } from './protective-stops';

const SEEDS = 500;
const SECONDS = 180;
const BOUGHT = 10;
/** Longest time without anything that closes the position (seconds), and what each order adds that is lost on its way. */
const NAKED_SECONDS = 10;
const LOST_SECONDS = 20;
/** An order that is missing in three looks over this time was not taken (seconds). */
const GRACE_SECONDS = 15;

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

/** A sale as the broker has it. */
interface Sale {
  quantity: number;
  filled: number;
  trigger: number | null;
  works: boolean;
}
/** The same as the ledger has it. */
interface Known extends Sale {
  id: string;
  state: 'waiting' | 'resting' | 'changing' | 'canceling' | 'unknown';
  since: number;
  looks: number;
  asked: boolean;
}

/** A position of ten, its ledger, and a broker that loses answers, refuses, cancels unasked and fills while canceling. */
class Run {
  readonly broker = new Map<string, Sale>();
  private readonly ledger = new Map<string, Known>();
  private failures = 0;
  private failedAt: number | null = null;
  private level = 95;
  private ids = 0;
  /** Orders that never arrived. */
  lost = 0;

  constructor(private readonly random: () => number) {}

  get sold(): number {
    return [...this.broker.values()].reduce((sum, { filled }) => sum + filled, 0);
  }

  get closing(): number {
    return [...this.broker.values()].reduce(
      (sum, one) => sum + (one.works ? one.quantity - one.filled : 0),
      0,
    );
  }

  step(now: number): void {
    for (const sale of this.broker.values()) this.move(sale);
    if (this.chance(0.7)) this.look(now);
    if (this.chance(0.1)) this.level += 1;
    if (this.chance(0.03) && !this.exit) this.add({ quantity: this.held, trigger: null }, 'waiting', now);
    for (const action of protectiveActions(this.view(now))) {
      if (action.kind === 'place') this.send(this.add(action, 'unknown', now));
      else if (action.kind === 'close') this.send(this.add({ ...action, trigger: null }, 'unknown', now));
      else this.change(action.orderId, now, action.kind === 'replace' ? action : undefined);
    }
    const { exit } = this;
    const stops = [...this.ledger.values()].filter(({ trigger, works }) => works && trigger !== null);
    if (exit?.state !== 'waiting' || stops.length > 0) return;
    if (exit.quantity > this.held) exit.works = false;
    else {
      exit.state = 'unknown';
      exit.since = now;
      this.send(exit);
    }
  }

  private get held(): number {
    return BOUGHT - [...this.ledger.values()].reduce((sum, { filled }) => sum + filled, 0);
  }

  private get exit(): Known | undefined {
    return [...this.ledger.values()].find(({ trigger, works }) => works && trigger === null);
  }

  private chance(odds: number): boolean {
    return this.random() < odds;
  }

  private add(
    order: { quantity: number; trigger: number | null },
    state: Known['state'],
    since: number,
  ): Known {
    const id = String((this.ids += 1));
    const { quantity, trigger } = order;
    const known = { id, quantity, trigger, filled: 0, works: true, state, since, looks: 0, asked: false };
    if (quantity > 0) this.ledger.set(id, known);
    return known;
  }

  /** What the exchange does by itself: fills stops in parts, exits at once, cancels now and then. */
  private move(sale: Sale): void {
    if (!sale.works) return;
    if (sale.trigger === null || this.chance(0.02)) {
      const left = sale.quantity - sale.filled;
      sale.filled += this.chance(0.5) ? left : Math.ceil(left / 2);
    } else if (this.chance(0.01)) sale.works = false;
    if (sale.filled >= sale.quantity) sale.works = false;
  }

  private send(order: Known): void {
    const { id, quantity, trigger } = order;
    const luck = this.random();
    // Taken and answered, taken and lost, lost before it arrived, or refused by the exchange.
    if (luck < 0.8) this.broker.set(id, { quantity, trigger, filled: 0, works: true });
    else if (luck > 0.9) this.broker.set(id, { quantity, trigger, filled: 0, works: false });
    else this.lost += 1;
    if (luck < 0.7) order.state = 'resting';
  }

  private change(id: string, now: number, terms: { quantity: number; trigger: number } | undefined): void {
    const order = this.ledger.get(id) as Known;
    const sale = this.broker.get(id);
    order.state = terms ? 'changing' : 'canceling';
    order.since = now;
    order.asked ||= !terms;
    if (!sale?.works || this.chance(0.1)) return;
    if (terms) {
      if (terms.quantity > sale.filled)
        Object.assign(sale, { quantity: terms.quantity, trigger: terms.trigger });
    } else {
      if (this.chance(0.1)) sale.filled = sale.quantity;
      sale.works = false;
    }
  }

  private look(now: number): void {
    for (const order of this.ledger.values()) {
      if (!order.works || order.state === 'waiting') continue;
      const sale = this.broker.get(order.id);
      if (!sale) {
        order.looks += 1;
        if (order.looks >= 3 && now - order.since >= GRACE_SECONDS) this.end(order, now);
        continue;
      }
      const agrees = sale.quantity !== order.quantity || sale.trigger !== order.trigger;
      order.filled = sale.filled;
      if (!sale.works) this.end(order, now);
      else if (order.state === 'unknown' || agrees || now - order.since >= GRACE_SECONDS) {
        Object.assign(order, { quantity: sale.quantity, trigger: sale.trigger });
        if (order.state !== 'canceling' || now - order.since >= GRACE_SECONDS) order.state = 'resting';
      }
    }
  }

  private end(order: Known, now: number): void {
    order.works = false;
    if (order.trigger === null) return;
    const failed = order.filled === 0 && !order.asked;
    this.failures = failed ? this.failures + 1 : 0;
    this.failedAt = failed ? now : null;
  }

  private view(now: number): ProtectedSymbol {
    const { held, level, failures, failedAt } = this;
    const endings = { failures, failedAt: failedAt === null ? null : failedAt * 1_000, denied: false };
    const position = { strategy: 'a', groupId: 'g', quantity: held, stop: level, reached: false, endings };
    return {
      positions: held === 0 ? [] : [position],
      orders: [...this.ledger.values()].filter(({ works }) => works).map(toSymbolOrder),
      now: now * 1_000,
      mayClose: true,
    };
  }
}

function toSymbolOrder({ id, quantity, filled, trigger, state }: Known): SymbolOrder {
  const order = { id, strategy: 'a', side: 'SELL', remaining: quantity - filled, immediate: true } as const;
  if (trigger === null) return order;
  const known = state === 'resting' || state === 'changing' ? state : 'unsettled';
  return { ...order, immediate: false, stop: { groupId: 'g', trigger, quantity, filled, state: known } };
}

describe(`a broker that misbehaves around stops, ${SEEDS} seeds`, () => {
  it('never sells more than is held, and leaves the position without a closing order no longer than stated', () => {
    let longest = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const run = new Run(numbers(seed));
      let naked = 0;
      let lostBefore = 0;
      for (let now = 0; now < SECONDS; now += 1) {
        run.step(now);
        if (run.sold + run.closing > BOUGHT)
          throw new Error(
            `seed ${seed}, second ${now}: ${run.sold} sold and ${run.closing} being sold of ${BOUGHT}`,
          );
        const isNaked = run.sold < BOUGHT && run.closing === 0;
        naked = isNaked ? naked + 1 : 0;
        if (!isNaked) lostBefore = run.lost;
        longest = Math.max(longest, naked);
        const most = NAKED_SECONDS + LOST_SECONDS * (run.lost - lostBefore);
        if (naked > most) throw new Error(`seed ${seed}, second ${now}: naked for ${naked} s`);
      }
    }
    expect(longest).toBeGreaterThan(0);
  });
});
