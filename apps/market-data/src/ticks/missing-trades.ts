/** Times of the trades around others that did not arrive (ms since 1970). */
interface Span {
  readonly after: number;
  readonly before: number;
}

/** Numbers of trades that did not arrive, both ends included. */
interface Hole extends Span {
  readonly from: number;
  readonly to: number;
}

/** Holes per symbol that a late trade may still fill by its number; beyond it the oldest become one span. */
const REMEMBERED_HOLES = 64;

/** Trades of one symbol that the vendor numbered and that did not arrive. */
export class MissingTrades {
  private holes: Hole[] = [];
  /** What no number can fill any more: the candles of those times still can. */
  private forgotten: (Span & { readonly count: number })[] = [];

  get count(): number {
    const byNumber = this.holes.reduce((sum, hole) => sum + sizeOf(hole), 0);
    return this.forgotten.reduce((sum, { count }) => sum + count, byNumber);
  }

  add(hole: Hole): void {
    this.holes.push(hole);
    if (this.holes.length > REMEMBERED_HOLES) this.forget(this.holes.splice(0, REMEMBERED_HOLES / 2));
  }

  /** Takes trades that came late. @returns whether they were missing, so that they were not here before */
  take(first: number, last: number): boolean {
    const at = this.holes.findIndex(({ from, to }) => from <= first && last <= to);
    const hole = this.holes[at];
    if (hole === undefined) return false;
    const rest = [
      { ...hole, to: first - 1 },
      { ...hole, from: last + 1 },
    ];
    this.holes.splice(at, 1, ...rest.filter(({ from, to }) => from <= to));
    return true;
  }

  /** The numbers begin anew: they no longer say which trades are meant. */
  numbersRestarted(): void {
    this.forget(this.holes.splice(0));
  }

  /**
   * The candles of this time are the vendor's own now, so nothing of it is missing (ms since 1970, end excluded).
   *
   * @returns how many trades were
   */
  filled(from: number, to: number): number {
    const before = this.count;
    const isOpen = ({ after, before }: Span) => after < from || before >= to;
    this.holes = this.holes.filter(isOpen);
    this.forgotten = this.forgotten.filter(isOpen);
    return before - this.count;
  }

  private forget(holes: readonly Hole[]): void {
    if (holes.length === 0) return;
    this.forgotten.push(spanOf(holes.map((hole) => ({ ...hole, count: sizeOf(hole) }))));
    if (this.forgotten.length <= REMEMBERED_HOLES) return;
    this.forgotten.unshift(spanOf(this.forgotten.splice(0, REMEMBERED_HOLES / 2)));
  }
}

function sizeOf({ from, to }: Hole): number {
  return to - from + 1;
}

function spanOf(parts: readonly (Span & { count: number })[]): Span & { count: number } {
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    after: Math.min(...parts.map(({ after }) => after)),
    before: Math.max(...parts.map(({ before }) => before)),
  };
}
