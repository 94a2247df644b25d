import { isHigher, type Rung } from './rungs';

/** What the triggers look at. A figure that is not known trips nothing: the risk rules deny without it anyway. */
export interface LadderFigures {
  /** Loss of the trading day, positive, in the account's currency: `dayLoss`. */
  dailyLoss: number | undefined;
  /** Fall of the equity from its peak, percent: `drawdown`. */
  drawdownPercent: number | undefined;
  /** Calls of the broker in the window that was measured. */
  brokerCalls: { failed: number; total: number } | undefined;
  /** How long the feed has been silent while its market trades (milliseconds): `feedSilenceMs`. */
  feedAgeMs: number | undefined;
}

/** From which figure on a rung is wanted; a rung that is not named is never wanted because of the figure. */
export type Thresholds = Partial<Readonly<Record<Rung, number>>>;

export interface LadderSettings {
  dailyLoss: Thresholds;
  drawdownPercent: Thresholds;
  /** Failed part of the broker calls, percent. */
  errorRatePercent: Thresholds;
  /** Fewer calls than this say nothing about a rate. */
  minimumCalls: number;
  feedAgeMs: Thresholds;
}

/** Why a rung is wanted. */
export interface LadderTrip {
  rung: Rung;
  /** Stable and machine-readable: `LADDER_DAILY_LOSS`. */
  code: string;
  message: string;
  figures: Record<string, number>;
}

const RUNGS: readonly Rung[] = ['FLATTEN', 'HALTED', 'REDUCING'];

/** Trips that the figures cause, the highest rung of each trigger, the highest of all first. */
export function ladderTrips(figures: LadderFigures, settings: LadderSettings): LadderTrip[] {
  const { dailyLoss, drawdownPercent, brokerCalls, feedAgeMs } = figures;
  const rated =
    brokerCalls && brokerCalls.total >= Math.max(1, settings.minimumCalls) ? brokerCalls : undefined;
  const errorRatePercent = rated && (rated.failed / rated.total) * 100;
  const trips = [
    trip('LADDER_DAILY_LOSS', "the day's loss", dailyLoss, settings.dailyLoss),
    trip('LADDER_DRAWDOWN', 'the drawdown in percent', drawdownPercent, settings.drawdownPercent),
    trip(
      'LADDER_ERROR_RATE',
      'the failed part of broker calls in percent',
      errorRatePercent,
      settings.errorRatePercent,
    ),
    trip('LADDER_STALE_FEED', 'the age of the newest price in milliseconds', feedAgeMs, settings.feedAgeMs),
  ].filter((found) => found !== undefined);
  return trips.sort((a, b) => (a.rung === b.rung ? 0 : isHigher(a.rung, b.rung) ? -1 : 1));
}

function trip(
  code: string,
  what: string,
  figure: number | undefined,
  thresholds: Thresholds,
): LadderTrip | undefined {
  if (figure === undefined || Number.isNaN(figure)) return undefined;
  for (const rung of RUNGS) {
    const threshold = thresholds[rung];
    if (threshold === undefined || figure < threshold) continue;
    const message = `${rung}: ${what} is ${figure.toFixed(2)}, the threshold is ${threshold}`;
    return { rung, code, message, figures: { figure, threshold } };
  }
  return undefined;
}
