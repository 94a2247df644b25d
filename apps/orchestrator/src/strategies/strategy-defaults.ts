import type { Timeframe } from '@tickbridge/contracts';

/** What strategies run with that nobody has set, as the operator wants it; `null`: as each strategy says. */
export abstract class StrategyDefaults {
  abstract readonly timeframe: Timeframe | null;
  /** Least expected move of entries, as a multiple of what they cost. */
  abstract readonly leastEdge: number | null;
}
