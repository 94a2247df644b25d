import { chargeItemSchema, moneySchema, type OrderSide, orderSideSchema } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** What of a day a row is about. */
export interface NoteScope {
  readonly day: string;
  /** The broker's number of the order, or ours. */
  readonly order: string | null;
  readonly symbol: string | null;
  readonly side: OrderSide | null;
}

export interface NoteRow extends NoteScope {
  /** Line of the file. */
  readonly line: number;
  readonly stated: Readonly<Record<string, string>>;
}

const SCOPE = ['date', 'order_id', 'symbol', 'side'];
const MAX_ROWS = 1_000;

/**
 * Rows of a contract note.
 *
 * @throws ProblemException 400 naming line and column of what cannot be read, and rows of one day that are about the
 *   same or are not all as fine as each other
 */
export function readContractNote(csv: string): NoteRow[] {
  const records = recordsOf(csv);
  const rows = records.map((record, index) => rowOf(record, index + 2));
  if (rows.length === 0) throw unreadable(2, 'date', 'expected at least one row');
  if (rows.length > MAX_ROWS) throw unreadable(MAX_ROWS + 2, 'date', `expected at most ${MAX_ROWS} rows`);
  const grains = new Map<string, string>();
  const seen = new Set<string>();
  for (const row of rows) {
    const { day, order, symbol, side, line } = row;
    const grain = grainOf({ order, symbol, side });
    if ((grains.get(day) ?? grain) !== grain) {
      throw unreadable(
        line,
        'date',
        `rows of ${day} are about orders, symbols or the day, not about several of them`,
      );
    }
    grains.set(day, grain);
    const scope = JSON.stringify([day, order, symbol, side]);
    if (seen.has(scope)) throw unreadable(line, 'date', 'an earlier row is about the same');
    seen.add(scope);
  }
  return rows;
}

/** How fine a row is; rows of one day with different ones would count a fill twice. */
export function grainOf({ order, symbol, side }: Omit<NoteScope, 'day'>): string {
  if (order !== null) return 'order';
  return symbol === null ? 'day' : side === null ? 'symbol' : 'side';
}

function recordsOf(csv: string): Record<string, string>[] {
  try {
    return parse(csv, { columns: true, trim: true, bom: true, skip_empty_lines: true });
  } catch (error) {
    throw unreadable(1, 'csv', error instanceof Error ? error.message : String(error));
  }
}

function rowOf(record: Record<string, string>, line: number): NoteRow {
  const stated: Record<string, string> = {};
  for (const [column, value] of Object.entries(record)) {
    if (SCOPE.includes(column) || value === '') continue;
    if (!chargeItemSchema.safeParse(column).success) throw unreadable(line, column, 'no name of a charge');
    if (!moneySchema.safeParse(value).success) throw unreadable(line, column, 'expected a decimal, 12.34');
    stated[column] = value;
  }
  const day = z.iso.date().safeParse(record['date']);
  if (!day.success) throw unreadable(line, 'date', 'expected a date as 2026-11-20');
  const side = orderSideSchema.nullable().safeParse(record['side'] || null);
  if (!side.success) throw unreadable(line, 'side', 'expected BUY or SELL');
  const order = record['order_id'] || null;
  const symbol = record['symbol'] || null;
  if (symbol === null && order === null && side.data !== null)
    throw unreadable(line, 'symbol', 'needed beside side');
  return {
    line,
    day: day.data,
    order,
    symbol: order === null ? symbol : null,
    side: order === null ? side.data : null,
    stated,
  };
}

function unreadable(line: number, column: string, message: string): ProblemException {
  const field = `csv line ${line}, ${column}`;
  return new ProblemException(400, 'INVALID_INPUT', `${field}: ${message}.`, [{ field, message }]);
}
