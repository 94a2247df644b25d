import type { Bar } from '@tickbridge/contracts';
import { Money, money, ZERO } from '../money/money';

/** What the orders of one account have taken of each symbol's newest bar. */
export class BarVolume {
  private readonly bars = new Map<string, { openTime: number; taken: Money }>();

  /** What is left of a bar for them. @param share what of its volume they may have together */
  left(bar: Bar, share: Money): Money {
    return Money.max(0, share.minus(this.takenOf(bar)));
  }

  take(bar: Bar, quantity: number): void {
    const taken = this.takenOf(bar).plus(money(quantity));
    this.bars.set(bar.symbol, { openTime: bar.openTime, taken });
  }

  private takenOf({ symbol, openTime }: Bar): Money {
    const known = this.bars.get(symbol);
    return known?.openTime === openTime ? known.taken : ZERO;
  }
}
