import type { Bar } from '@tickbridge/contracts';
import { ATR } from '../indicators';

/** Bars over which the true range is averaged (Wilder's smoothing). */
export const EXIT_RANGE_BARS = 14;

/** Average true range of every symbol, for exits that are measured in it. */
export class SymbolRanges {
  private readonly bySymbol = new Map<string, ATR>();

  observe(bar: Bar): void {
    let range = this.bySymbol.get(bar.symbol);
    if (!range) this.bySymbol.set(bar.symbol, (range = new ATR(EXIT_RANGE_BARS)));
    range.add(bar);
  }

  /** `null` before a symbol has shown enough bars. */
  of(symbol: string): number | null {
    return this.bySymbol.get(symbol)?.getResult() ?? null;
  }
}
