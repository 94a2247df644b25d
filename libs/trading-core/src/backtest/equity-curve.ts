import { toIso } from '@tickbridge/contracts';
import { type Money, moneyText } from '../money/money';
import { drawdown } from '../portfolio/equity-measures';

const MAX_POINTS = 1_000;

/** Equity over time: the drawdown of every point, and an even pick of them to keep. */
export class EquityCurve {
  private points: { at: number; equity: Money }[] = [];
  private stride = 1;
  private seen = 0;
  private last: { at: number; equity: Money } | undefined;
  private peak: Money;
  maxDrawdownPercent = 0;

  constructor(capital: Money) {
    this.peak = capital;
  }

  add(at: number, equity: Money): void {
    const { peak, percent } = drawdown(equity, this.peak);
    this.peak = peak;
    this.maxDrawdownPercent = Math.max(this.maxDrawdownPercent, percent);
    this.last = { at, equity };
    if (this.seen % this.stride === 0) this.points.push(this.last);
    this.seen += 1;
    if (this.points.length < MAX_POINTS) return;
    this.points = this.points.filter((_point, index) => index % 2 === 0);
    this.stride *= 2;
  }

  /** The points that were kept, the last one always among them. */
  toPoints(): { at: string; equity: string }[] {
    const { last } = this;
    const all = last && this.points.at(-1) !== last ? [...this.points, last] : this.points;
    return all.map(({ at, equity }) => ({ at: toIso(at), equity: moneyText(equity) }));
  }
}
