import type { OrderSide, OrderStatus, Signal } from '@tickbridge/contracts';
import { type Money, ZERO } from '../money/money';

const MINUTE_MS = 60_000;

interface SentOrder {
  id: string;
  symbol: string;
  at: number;
}

interface DayResult {
  net: Money;
  /** By strategy: losing trades in a row, and when the last of them was (ms since 1970). */
  streaks: Map<string, { losses: number; lastLossAt: number | null }>;
}

/** What the risk rules want to know of earlier orders and fills. Days begin with the trading day. */
export class OrderHistory {
  private readonly bySignal = new Map<string, string>();
  private readonly byBar = new Map<string, string>();
  private day = Number.NEGATIVE_INFINITY;
  private today: SentOrder[] = [];
  private inSymbol = new Map<string, number>();
  private result: DayResult = { net: ZERO, streaks: new Map() };

  /** Begins a new day when the time has come for it. */
  turnTo(dayStart: number): void {
    if (dayStart === this.day) return;
    this.day = dayStart;
    this.today = [];
    this.inSymbol = new Map();
    this.result = { net: ZERO, streaks: new Map() };
    this.byBar.clear();
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

  get realizedToday(): Money {
    return this.result.net;
  }

  losingStreak(strategy: string): { losses: number; lastLossAt: number | null } {
    return this.result.streaks.get(strategy) ?? { losses: 0, lastLossAt: null };
  }

  addOrder(id: string, signal: Signal, side: OrderSide, status: OrderStatus, at: number): void {
    this.bySignal.set(signal.id, id);
    // A denied order never left the house: it counts for nothing.
    if (status === 'Denied') return;
    this.byBar.set(barKey(signal, side), id);
    this.today.push({ id, symbol: signal.symbol, at });
    this.inSymbol.set(signal.symbol, this.ordersTodayIn(signal.symbol) + 1);
  }

  /** @param realized profit of the quantity a fill closed, before its fee; `null` when it closed nothing */
  addFill(strategy: string, realized: Money | null, fee: string, at: number): void {
    this.result.net = this.result.net.plus(realized ?? ZERO).minus(fee);
    if (realized === null || realized.isZero()) return;
    const { losses } = this.losingStreak(strategy);
    const streak = realized.isNegative()
      ? { losses: losses + 1, lastLossAt: at }
      : { losses: 0, lastLossAt: null };
    this.result.streaks.set(strategy, streak);
  }
}

function barKey({ strategy, symbol, barTime }: Signal, side: OrderSide): string {
  return JSON.stringify([strategy, symbol, barTime, side]);
}
