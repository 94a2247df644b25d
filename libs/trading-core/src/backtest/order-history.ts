import type { OrderSide, OrderStatus, Signal } from '@tickbridge/contracts';
import type { Money } from '../money/money';

const MINUTE_MS = 60_000;

interface SentOrder {
  id: string;
  symbol: string;
  at: number;
}

interface LosingStreak {
  losses: number;
  /** When the last of them was (ms since 1970). */
  lastLossAt: number | null;
}

/** What the risk rules want to know of earlier orders and fills. Days begin with the trading day. */
export class OrderHistory {
  private readonly bySignal = new Map<string, string>();
  private readonly byBar = new Map<string, string>();
  private day = Number.NEGATIVE_INFINITY;
  private today: SentOrder[] = [];
  private inSymbol = new Map<string, number>();
  /** Losing round trips in a row, by strategy. */
  private streaks = new Map<string, LosingStreak>();

  /** Begins a new day when the time has come for it. @returns whether it has */
  turnTo(dayStart: number): boolean {
    if (dayStart === this.day) return false;
    this.day = dayStart;
    this.today = [];
    this.inSymbol = new Map();
    this.streaks = new Map();
    this.byBar.clear();
    return true;
  }

  ordersOfSignal(signal: Signal): string[] {
    const id = this.bySignal.get(signal.id);
    return id === undefined ? [] : [id];
  }

  ordersOfBar(signal: Signal, side: OrderSide): string[] {
    const id = this.byBar.get(barKey(signal, side));
    return id === undefined ? [] : [id];
  }

  get ordersToday(): number {
    return this.today.length;
  }

  ordersTodayIn(symbol: string): number {
    return this.inSymbol.get(symbol) ?? 0;
  }

  /** Newest first. */
  recentTimes(now: number): number[] {
    const times: number[] = [];
    for (let index = this.today.length - 1; index >= 0; index -= 1) {
      const at = this.today[index]?.at ?? Number.NEGATIVE_INFINITY;
      if (at <= now - MINUTE_MS) break;
      times.push(at);
    }
    return times;
  }

  losingStreak(strategy: string): LosingStreak {
    return this.streaks.get(strategy) ?? { losses: 0, lastLossAt: null };
  }

  addOrder(id: string, signal: Signal, side: OrderSide, status: OrderStatus, at: number): void {
    this.bySignal.set(signal.id, id);
    // A denied order never left the house: it counts for nothing.
    if (status === 'Denied') return;
    this.byBar.set(barKey(signal, side), id);
    this.today.push({ id, symbol: signal.symbol, at });
    this.inSymbol.set(signal.symbol, this.ordersTodayIn(signal.symbol) + 1);
  }

  /** @param net profit of a round trip that has ended, after every charge */
  addTrip(strategy: string, net: Money, at: number): void {
    if (net.isZero()) return;
    const { losses } = this.losingStreak(strategy);
    const streak = net.isNegative()
      ? { losses: losses + 1, lastLossAt: at }
      : { losses: 0, lastLossAt: null };
    this.streaks.set(strategy, streak);
  }
}

function barKey({ strategy, symbol, barTime }: Signal, side: OrderSide): string {
  return JSON.stringify([strategy, symbol, barTime, side]);
}
