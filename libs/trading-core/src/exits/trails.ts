import type { Bar, ExitSettings, Product } from '@tickbridge/contracts';
import { holdingKey } from '../portfolio/portfolio';
import type { SessionCalendar } from '../sessions/session-calendar';
import { bestOf, betterPrice, entryLevels, levelDistance, squareOffTime } from './exit-levels';
import type { GuardedPosition } from './position-guard';

/** An open position as the books have it. */
export interface OpenPosition {
  accountId: string;
  strategy: string;
  symbol: string;
  product: Product | null;
  /** Positive is long, negative is short, never zero. */
  quantity: number;
  averagePrice: number;
  /** Levels of the signal that opened it. */
  stopLoss: number | null;
  target: number | null;
  /** When it was opened (ms since 1970): tells it from an earlier position in the same symbol. */
  openedAt: number;
}

/** What a position has seen since it was opened: all that a trailing stop must not forget. */
export interface Trail {
  accountId: string;
  strategy: string;
  symbol: string;
  openedAt: number;
  /** Best price of its bars, from its own price on. */
  best: number;
  /** Average true range of the symbol at its opening; `null` while the symbol had none. */
  range: number | null;
}

/**
 * Follows open positions through the bars of their symbols.
 *
 * A bar is first held against the levels that the bars before it made, and moves the trailing stop afterwards: which of
 * its prices came first cannot be seen in a bar.
 */
export class Trails {
  private readonly trails = new Map<string, Trail>();
  private changed = new Set<string>();

  /** Goes on where an earlier run stopped. Of two for the same position the better price counts. */
  restore(stored: Iterable<Trail>, directionOf: (trail: Trail) => 1 | -1): void {
    for (const trail of stored) {
      const known = this.trails.get(keyOf(trail));
      if (known && known.openedAt > trail.openedAt) continue;
      if (known?.openedAt !== trail.openedAt) {
        this.trails.set(keyOf(trail), trail);
        continue;
      }
      const best = betterPrice(directionOf(trail), known.best, trail.best);
      this.put({ ...trail, best });
    }
  }

  /**
   * The levels that count for a position now.
   *
   * @param range average true range of the symbol, taken over when the position has none yet
   */
  guard(
    position: OpenPosition,
    exits: ExitSettings,
    range: number | null,
    at: number,
    calendar: SessionCalendar,
  ): GuardedPosition {
    const trail = this.of(position, range);
    const { strategy, symbol, quantity, averagePrice: price } = position;
    const direction = quantity > 0 ? 1 : -1;
    const distance = levelDistance(exits.trailingStop, trail.best, trail.range);
    return {
      strategy,
      symbol,
      quantity,
      ...entryLevels(position, exits, { price, direction, range: trail.range }),
      trailingStop: distance === undefined ? null : trail.best - direction * distance,
      squareOffTime: squareOffTime(at, exits, calendar, position.product),
    };
  }

  /** Takes in a bar that the position was held against. */
  follow(position: OpenPosition, bar: Bar, range: number | null): void {
    const trail = this.of(position, range);
    const direction = position.quantity > 0 ? 1 : -1;
    const best = betterPrice(direction, trail.best, bestOf(bar, direction));
    if (best !== trail.best) this.put({ ...trail, best });
  }

  /** What has changed since the last call, to be stored. */
  takeChanges(): Trail[] {
    const changed = this.changed;
    this.changed = new Set();
    return [...changed].flatMap((key) => this.trails.get(key) ?? []);
  }

  /** Says that changes could not be stored: they are given again. */
  giveBack(trails: readonly Trail[]): void {
    for (const trail of trails) this.changed.add(keyOf(trail));
  }

  private of(position: OpenPosition, range: number | null): Trail {
    const { accountId, strategy, symbol, openedAt, averagePrice } = position;
    const known = this.trails.get(keyOf(position));
    if (known?.openedAt === openedAt && (known.range !== null || range === null)) return known;
    const best = known?.openedAt === openedAt ? known.best : averagePrice;
    return this.put({ accountId, strategy, symbol, openedAt, best, range });
  }

  private put(trail: Trail): Trail {
    this.trails.set(keyOf(trail), trail);
    this.changed.add(keyOf(trail));
    return trail;
  }
}

function keyOf({ accountId, strategy, symbol }: Pick<Trail, 'accountId' | 'strategy' | 'symbol'>): string {
  return `${accountId}:${holdingKey(strategy, symbol)}`;
}
