import type { SimulatedShare } from './simulated-share';
import { SimulatedSymbol } from './simulated-symbol';

/** An index: computed from its members, never traded, never quoted. */
export class SimulatedIndex {
  readonly symbol: SimulatedSymbol;

  constructor(
    name: string,
    /** Its level while its members stand at their reference prices. */
    private readonly reference: number,
    id: string,
    private readonly members: readonly SimulatedShare[],
    time: number,
  ) {
    this.symbol = new SimulatedSymbol(name, id, this.level(lastPriceOf), time);
  }

  /** Publishes the level. @returns the extremes it made */
  update(time: number): string {
    return this.symbol.trade(time, this.level(lastPriceOf), 0);
  }

  /** Opens at the level of its members' opening prices; they have to open first. */
  openSession(): void {
    this.symbol.openSession(this.level(({ symbol }) => symbol.session.open));
  }

  /** Equally weighted, in steps of 0.05. */
  private level(priceOf: (share: SimulatedShare) => number): number {
    const ratios = this.members.map((share) => priceOf(share) / share.instrument.referencePrice);
    const ratio = ratios.reduce((sum, value) => sum + value, 0) / ratios.length;
    return Math.round(this.reference * ratio * 20) / 20;
  }
}

function lastPriceOf({ symbol }: SimulatedShare): number {
  return symbol.lastPrice;
}
