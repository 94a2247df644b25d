import { Injectable } from '@nestjs/common';
import { type FeedName, type RoundTrip } from '@tickbridge/contracts';
import { Database, fills, positions, roundTrips, selectCandleRange } from '@tickbridge/database';
import { type ClosedTrip, money, moneyText, type OpenTrip, toRoundTrip } from '@tickbridge/trading-core';
import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import type { PositionKey } from '../positions/position-lives';

type RoundTripRow = typeof roundTrips.$inferSelect;
export type FillOfTrip = Pick<
  typeof fills.$inferSelect,
  'position' | 'side' | 'quantity' | 'price' | 'fee' | 'filledAt'
>;

/** A trip with the places of its first and last fill among all fills. */
export interface PlacedTrip {
  trip: OpenTrip | ClosedTrip;
  firstFill: number;
  lastFill: number;
}

/** Which closed trips are wanted; times of closing, `from` inclusive, `to` exclusive (ms since 1970). */
export interface TripSelection {
  accountId: string;
  strategy?: string | undefined;
  symbol?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
  limit?: number;
}

/** Fills read at once. */
const PAGE = 5_000;
/** Trips up to this length are measured by the shortest candles, longer ones by minutes (milliseconds). */
const SHORT_TRIP_MS = 6 * 3_600_000;
const SHORT_CANDLE_MS = 5_000;
const MINUTE_MS = 60_000;

/** Round trips in PostgreSQL: read from the fills, which stay the only truth. */
@Injectable()
export class RoundTripRepository {
  constructor(private readonly database: Database) {}

  /** Everything an account ever held. */
  async keys(accountId: string): Promise<PositionKey[]> {
    return this.database.orm
      .select({ accountId: positions.accountId, strategy: positions.strategy, symbol: positions.symbol })
      .from(positions)
      .where(eq(positions.accountId, accountId));
  }

  /** The newest trip of a key. */
  async newest(key: PositionKey): Promise<PlacedTrip | undefined> {
    const [row] = await this.database.orm
      .select()
      .from(roundTrips)
      .where(isKey(key))
      .orderBy(desc(roundTrips.firstFill))
      .limit(1);
    return row && { trip: toTrip(row), firstFill: row.firstFill, lastFill: row.lastFill };
  }

  /** Fills of a key that follow a place, the oldest first. Those of one key are stored in the order of their places. */
  async fillsAfter({ accountId, strategy, symbol }: PositionKey, place: number): Promise<FillOfTrip[]> {
    const { position, side, quantity, price, fee, filledAt } = fills;
    return this.database.orm
      .select({ position, side, quantity, price, fee, filledAt })
      .from(fills)
      .where(
        and(
          eq(fills.accountId, accountId),
          eq(fills.strategy, strategy),
          eq(fills.symbol, symbol),
          gt(position, place),
        ),
      )
      .orderBy(asc(position))
      .limit(PAGE);
  }

  /** Stores trips as they are now. Safe to repeat; a look of before writes nothing over a later one. */
  async save(key: PositionKey, trips: readonly PlacedTrip[]): Promise<void> {
    if (trips.length === 0) return;
    await this.database.orm
      .insert(roundTrips)
      .values(trips.map((placed) => ({ ...key, ...toRow(placed) })))
      .onConflictDoUpdate({
        target: [roundTrips.accountId, roundTrips.strategy, roundTrips.symbol, roundTrips.firstFill],
        set: Object.fromEntries(
          (
            [
              ['lastFill', 'last_fill'],
              ['closedAt', 'closed_at'],
              ['entered', 'entered'],
              ['entryValue', 'entry_value'],
              ['exited', 'exited'],
              ['exitValue', 'exit_value'],
              ['charges', 'charges'],
              ['fills', 'fills'],
            ] as const
          ).map(([field, column]) => [field, sql.raw(`excluded.${column}`)]),
        ),
        setWhere: lt(roundTrips.lastFill, sql.raw('excluded.last_fill')),
      });
  }

  /** Looks up how far prices went while closed trips were open. */
  async measure(accountId: string, feed: FeedName, at: Date): Promise<void> {
    const rows = await this.database.orm
      .select()
      .from(roundTrips)
      .where(
        and(
          eq(roundTrips.accountId, accountId),
          isNotNull(roundTrips.closedAt),
          isNull(roundTrips.measuredAt),
        ),
      )
      .limit(PAGE);
    for (const row of rows) {
      const [from, to] = [row.openedAt.getTime(), row.closedAt?.getTime() ?? 0];
      const intervalMs = to - from <= SHORT_TRIP_MS ? SHORT_CANDLE_MS : MINUTE_MS;
      const range = await selectCandleRange(this.database.orm, {
        ...{ feed, symbol: row.symbol, from, to, intervalMs },
      });
      await this.database.orm
        .update(roundTrips)
        .set({ high: range?.high ?? null, low: range?.low ?? null, measuredAt: at })
        .where(and(isKey(row), eq(roundTrips.firstFill, row.firstFill)));
    }
  }

  /** Closed trips, the newest first. */
  async closed({ accountId, strategy, symbol, from, to, limit }: TripSelection): Promise<RoundTrip[]> {
    const query = this.database.orm
      .select()
      .from(roundTrips)
      .where(
        and(
          eq(roundTrips.accountId, accountId),
          isNotNull(roundTrips.closedAt),
          strategy === undefined ? undefined : eq(roundTrips.strategy, strategy),
          symbol === undefined ? undefined : eq(roundTrips.symbol, symbol),
          from === undefined ? undefined : gte(roundTrips.closedAt, new Date(from)),
          to === undefined ? undefined : lt(roundTrips.closedAt, new Date(to)),
        ),
      )
      .orderBy(desc(roundTrips.closedAt), desc(roundTrips.lastFill));
    const rows = limit === undefined ? await query : await query.limit(limit);
    return rows.map((row) => {
      const range = row.high === null || row.low === null ? null : { high: row.high, low: row.low };
      return toRoundTrip(keyOf(row), toTrip(row) as ClosedTrip, range);
    });
  }
}

const keyOf = ({ accountId, strategy, symbol }: PositionKey): PositionKey => ({
  accountId,
  strategy,
  symbol,
});

function isKey({ accountId, strategy, symbol }: PositionKey) {
  return and(
    eq(roundTrips.accountId, accountId),
    eq(roundTrips.strategy, strategy),
    eq(roundTrips.symbol, symbol),
  );
}

function toTrip(row: RoundTripRow): OpenTrip | ClosedTrip {
  const open: OpenTrip = {
    direction: row.direction,
    openedAt: row.openedAt.getTime(),
    entered: money(row.entered),
    entryValue: money(row.entryValue),
    exited: money(row.exited),
    exitValue: money(row.exitValue),
    charges: money(row.charges),
    fills: row.fills,
  };
  return row.closedAt === null ? open : { ...open, closedAt: row.closedAt.getTime() };
}

function toRow({ trip, firstFill, lastFill }: PlacedTrip) {
  return {
    firstFill,
    lastFill,
    direction: trip.direction,
    openedAt: new Date(trip.openedAt),
    closedAt: 'closedAt' in trip ? new Date(trip.closedAt) : null,
    entered: moneyText(trip.entered),
    entryValue: moneyText(trip.entryValue),
    exited: moneyText(trip.exited),
    exitValue: moneyText(trip.exitValue),
    charges: moneyText(trip.charges),
    fills: trip.fills,
  };
}
