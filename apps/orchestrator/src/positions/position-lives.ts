import { Injectable } from '@nestjs/common';
import { Database, fills, positions } from '@tickbridge/database';
import {
  DAY_MS,
  lifeAfter,
  type Money,
  money,
  NO_LIFE,
  type PositionLife,
  type SessionCalendar,
} from '@tickbridge/trading-core';
import { and, asc, eq, gte, inArray, or, sql } from 'drizzle-orm';
import type { PositionRow } from '../rows/position.rows';

/** Longest pause after an exit that settings allow is a day; the fills of two reach back far enough. */
const LOOK_BACK_MS = 2 * DAY_MS;

export type PositionKey = Pick<PositionRow, 'accountId' | 'strategy' | 'symbol'>;

export function positionKey({ accountId, strategy, symbol }: PositionKey): string {
  return JSON.stringify([accountId, strategy, symbol]);
}

/** Reads from the fills when positions were opened and left. */
@Injectable()
export class PositionLives {
  constructor(private readonly database: Database) {}

  /**
   * Folds the fills of open positions, and those of the last two days.
   *
   * @param calendars of the accounts, by id
   */
  async read(
    held: readonly PositionRow[],
    calendars: ReadonlyMap<string, SessionCalendar>,
    now: number,
  ): Promise<Map<string, PositionLife>> {
    const lives = new Map<string, PositionLife>();
    if (held.length === 0) return lives;
    const rows = await this.database.orm
      .select({
        accountId: fills.accountId,
        strategy: fills.strategy,
        symbol: fills.symbol,
        side: fills.side,
        quantity: fills.quantity,
        filledAt: fills.filledAt,
      })
      .from(fills)
      .innerJoin(
        positions,
        and(
          eq(positions.accountId, fills.accountId),
          eq(positions.strategy, fills.strategy),
          eq(positions.symbol, fills.symbol),
        ),
      )
      .where(
        and(
          inArray(fills.accountId, [...calendars.keys()]),
          or(sql`${positions.quantity} <> 0`, gte(fills.filledAt, new Date(now - LOOK_BACK_MS))),
        ),
      )
      .orderBy(asc(fills.position));
    // What was held before the first of these fills is what is held now without them.
    const quantities = new Map<string, Money>(held.map((row) => [positionKey(row), money(row.quantity)]));
    for (const row of rows) {
      const key = positionKey(row);
      quantities.set(key, (quantities.get(key) ?? money(0)).minus(signed(row)));
    }
    for (const row of rows) {
      const key = positionKey(row);
      const calendar = calendars.get(row.accountId);
      if (!calendar) continue;
      const before = quantities.get(key) ?? money(0);
      const after = before.plus(signed(row));
      quantities.set(key, after);
      const at = row.filledAt.getTime();
      const move = {
        before: before.toNumber(),
        after: after.toNumber(),
        at,
        day: calendar.tradingDayStart(at),
      };
      lives.set(key, lifeAfter(lives.get(key) ?? NO_LIFE, move));
    }
    return lives;
  }
}

function signed({ side, quantity }: Pick<typeof fills.$inferSelect, 'side' | 'quantity'>): Money {
  return money(quantity).times(side === 'BUY' ? 1 : -1);
}
