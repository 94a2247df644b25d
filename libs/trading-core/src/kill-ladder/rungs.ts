import type { TradingMode } from '@tickbridge/contracts';

/** What the ladder can be tripped to; each rung allows less than the one before. */
export type Rung = Exclude<TradingMode, 'ACTIVE'>;

const HEIGHT: Readonly<Record<TradingMode, number>> = { ACTIVE: 0, REDUCING: 1, HALTED: 2, FLATTEN: 3 };

export function isHigher(rung: TradingMode, than: TradingMode): boolean {
  return HEIGHT[rung] > HEIGHT[than];
}
