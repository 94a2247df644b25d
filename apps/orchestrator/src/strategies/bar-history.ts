import type { Bar } from '@tickbridge/contracts';

/** Bars kept per symbol: enough to warm a strategy up again after its parameters changed. */
const BARS_PER_SYMBOL = 500;

/** The newest bars of every symbol, in the order in which they came. */
export class BarHistory {
  private readonly bySymbol = new Map<string, Bar[]>();

  add(bar: Bar): void {
    const bars = this.bySymbol.get(bar.symbol);
    if (!bars) {
      this.bySymbol.set(bar.symbol, [bar]);
      return;
    }
    bars.push(bar);
    if (bars.length > BARS_PER_SYMBOL * 1.25) bars.splice(0, bars.length - BARS_PER_SYMBOL);
  }

  get symbols(): number {
    return this.bySymbol.size;
  }

  symbolNames(): Iterable<string> {
    return this.bySymbol.keys();
  }

  *[Symbol.iterator](): Generator<Bar> {
    for (const bars of this.bySymbol.values()) yield* bars;
  }
}
