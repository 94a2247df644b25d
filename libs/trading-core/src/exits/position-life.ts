/** When a strategy entered and left a symbol, as far as exits and entries depend on it. Times are ms since 1970. */
export interface PositionLife {
  /** Opening of the open position; `null` while flat. */
  readonly openedAt: number | null;
  readonly lastExitAt: number | null;
  /** Start of the trading day that `entries` counts. */
  readonly day: number;
  /** Positions opened on that day. */
  readonly entries: number;
}

export const NO_LIFE: PositionLife = { openedAt: null, lastExitAt: null, day: 0, entries: 0 };

/** What a fill moves: the signed quantity before and after it. */
export interface QuantityMove {
  before: number;
  after: number;
  /** Time of the fill. */
  at: number;
  /** Start of the trading day of that time. */
  day: number;
}

/** The life after a fill. A fill through zero leaves one position and opens another. */
export function lifeAfter(life: PositionLife, { before, after, at, day }: QuantityMove): PositionLife {
  const turned = before !== 0 && after !== 0 && before > 0 !== after > 0;
  const opens = (before === 0 && after !== 0) || turned;
  const leaves = (before !== 0 && after === 0) || turned;
  const entries = life.day === day ? life.entries : 0;
  return {
    openedAt: opens ? at : after === 0 ? null : life.openedAt,
    lastExitAt: leaves ? at : life.lastExitAt,
    day,
    entries: entries + (opens ? 1 : 0),
  };
}
