import type { Bar, ExitSettings, Product } from '@tickbridge/contracts';
import { isSquaredOff } from '../instruments/products';
import type { SessionCalendar } from '../sessions/session-calendar';
import { HOUR_MS, MINUTE_MS } from '../sessions/session-calendar';

/** A price and the side on which it is entered: what a level is measured from. */
export interface LevelBasis {
  price: number;
  /** 1 for a long, -1 for a short. */
  direction: 1 | -1;
  /** Average true range of the symbol; `null` while it is not known. */
  range: number | null;
}

type LevelRule = ExitSettings['stopLoss'] | ExitSettings['target'] | ExitSettings['trailingStop'];

/**
 * Distance that a rule keeps from a price.
 *
 * @returns `undefined` when the rule names none, or counts in ranges and no range is known
 */
export function levelDistance(rule: LevelRule, price: number, range: number | null): number | undefined {
  if (rule.kind === 'percent') return (price * rule.percent) / 100;
  if (rule.kind === 'atr' && range !== null) return rule.multiple * range;
  return undefined;
}

/**
 * Stop and target of an entry: the strategy's own, or what the settings put in their place.
 *
 * While the range of a symbol is not known, a rule that counts in ranges leaves the strategy's own level.
 */
export function entryLevels(
  own: { stopLoss: number | null; target: number | null },
  { stopLoss, target }: Pick<ExitSettings, 'stopLoss' | 'target'>,
  { price, direction, range }: LevelBasis,
): { stopLoss: number | null; target: number | null } {
  const risk = levelDistance(stopLoss, price, range);
  const gain = levelDistance(target, price, range);
  return {
    stopLoss: risk === undefined ? own.stopLoss : positive(price - direction * risk),
    target:
      target.kind === 'none' ? null : gain === undefined ? own.target : positive(price + direction * gain),
  };
}

/** No price is zero or below: such a level is never reached. */
function positive(level: number): number | null {
  return level > 0 ? level : null;
}

/**
 * When positions of a strategy are closed on the day of a bar: the market's square-off time, for what is held intraday, or
 * the strategy's, whichever is earlier (ms since 1970); `null` when there is neither.
 */
export function squareOffTime(
  at: number,
  { squareOffAt }: Pick<ExitSettings, 'squareOffAt'>,
  calendar: SessionCalendar,
  product: Product | null,
): number | null {
  const market = isSquaredOff(product) ? (calendar.sessionAt(at)?.squareOffTime ?? null) : null;
  if (squareOffAt === null) return market;
  const [hours = 0, minutes = 0] = squareOffAt.split(':').map(Number);
  const own = calendar.tradingDayStart(at) + hours * HOUR_MS + minutes * MINUTE_MS;
  return market === null ? own : Math.min(market, own);
}

/** The better of two prices for a position. */
export function betterPrice(direction: 1 | -1, one: number, other: number): number {
  return direction === 1 ? Math.max(one, other) : Math.min(one, other);
}

/** Best price a bar offered to a position. */
export function bestOf(bar: Bar, direction: 1 | -1): number {
  return direction === 1 ? bar.high : bar.low;
}
