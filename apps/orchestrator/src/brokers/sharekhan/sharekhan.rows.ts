import { type BrokerRow, decimalOf, type OrderSide } from '@tickbridge/contracts';
import { IST_OFFSET_MS } from '@tickbridge/trading-core';
import { z } from 'zod';
import type { BrokerOrder } from '../broker';
import { statusOfWord } from './sharekhan.status';

/** An empty figure is none: nothing is guessed. */
const number = z.union([
  z.number(),
  z.string().transform((written) => (written.trim() === '' ? null : decimalOf(written))),
  z.null(),
]);
const figure = number.pipe(z.number().nonnegative());
const figureOrNone = number.pipe(z.number().nonnegative().nullable()).optional();
const text = z.union([z.string(), z.number().transform(String)]);

/** A row of the day report, as far as it is used. ShareKhan writes figures as numbers or as text. */
export const reportRowSchema = z.object({
  orderId: text,
  orderStatus: z.string(),
  orderQty: figure,
  execQty: figure,
  avgPrice: figureOrNone,
  orderPrice: figureOrNone,
  triggerPrice: figureOrNone,
  buySell: z.string(),
  tradingSymbol: z.string().transform((symbol) => symbol.trim()),
  scripCode: figureOrNone,
  rmsCode: z.string().nullish(),
  orderDateTime: z.string().nullish(),
  errorMessage: z.string().nullish(),
});
export type ReportRow = z.output<typeof reportRowSchema>;

/** Answers whose order id says that there is no order. */
const NO_ORDER = new Set(['', '0', 'NA', 'null', 'undefined']);

const orderAnswerSchema = z.object({
  orderId: text.nullish(),
  orsOrderId: text.nullish(),
  orderStatus: z.string().nullish(),
  errormsg: z.string().nullish(),
});

/** What an answer to NEW, MODIFY or CANCEL says: the order's id, or the broker's refusal; `undefined` when unreadable. */
export function readOrderAnswer(data: unknown): { orderId: string } | { refusal: string } | undefined {
  const answer = orderAnswerSchema.safeParse(data);
  if (!answer.success) return undefined;
  const { orderId, orsOrderId, orderStatus, errormsg } = answer.data;
  if (orderId === undefined && orsOrderId === undefined && !errormsg) return undefined;
  const id = [orderId, orsOrderId].find((candidate) => candidate && !NO_ORDER.has(candidate.trim()));
  if (id) return { orderId: id };
  return { refusal: errormsg || orderStatus || 'ShareKhan gave no order id and no reason' };
}

/** A row of the day report as an entry of the broker's books. */
export function toBrokerOrder(row: ReportRow): BrokerOrder {
  return {
    brokerOrderId: row.orderId,
    // ShareKhan carries no reference of ours.
    clientOrderId: null,
    symbol: row.tradingSymbol,
    side: sideOf(row.buySell),
    quantity: row.orderQty,
    limitPrice: row.orderPrice || null,
    // Not every report has the column.
    ...(row.triggerPrice !== undefined && { triggerPrice: row.triggerPrice || null }),
    placedAt: parseTime(row.orderDateTime),
    status: statusOf(row),
    filledQuantity: row.execQty,
    averagePrice: row.execQty > 0 ? row.avgPrice || null : null,
    trades: null,
    fees: null,
    message: row.errorMessage || null,
    remark: remarkOf(row),
  };
}

/** By ShareKhan's word; an order of a word nobody knows is working, unless its figures say that it is filled. */
export function statusOf({ orderStatus, orderQty, execQty }: ReportRow): BrokerOrder['status'] {
  return statusOfWord(orderStatus) ?? (execQty > 0 && execQty >= orderQty ? 'filled' : 'working');
}

/** What a person should know of a row; `undefined` when nothing. */
export function remarkOf({ orderStatus }: ReportRow): string | undefined {
  if (statusOfWord(orderStatus) !== undefined) return undefined;
  return `ShareKhan calls it "${orderStatus.slice(0, MAX_WORD_LENGTH)}", a status that is not known here`;
}

/** Bounds what a broker can make us keep and show (characters). */
const MAX_WORD_LENGTH = 60;

/** A row of the day report that is not understood. */
export interface UnreadableRow {
  /** `null` where not even that can be read. */
  readonly orderId: string | null;
  /** The field that is not as agreed. */
  readonly field: string;
}

/** The day report: what can be read of it, and what cannot. */
export interface DayReport {
  readonly rows: readonly ReportRow[];
  readonly unreadable: readonly UnreadableRow[];
}

/** An unreadable row costs that row alone. @returns `undefined` for what is no list at all */
export function readReport(data: unknown): DayReport | undefined {
  if (!Array.isArray(data)) return undefined;
  const rows: ReportRow[] = [];
  const unreadable: UnreadableRow[] = [];
  for (const entry of data as unknown[]) {
    const row = reportRowSchema.safeParse(entry);
    if (row.success) {
      rows.push(row.data);
      continue;
    }
    const id = isRecord(entry) ? text.safeParse(entry['orderId']) : undefined;
    const field = row.error.issues[0]?.path.join('.') ?? '';
    unreadable.push({ orderId: id?.success ? id.data : null, field: field === '' ? 'the row' : field });
  }
  return { rows, unreadable };
}

function sideOf(buySell: string): OrderSide {
  return buySell.trim().toUpperCase().startsWith('B') ? 'BUY' : 'SELL';
}

/**
 * Rows of a page whose fields nobody describes, as they came; what is nested is given as text.
 *
 * @returns `undefined` for what is neither rows nor a row
 */
export function toPlainRows(data: unknown): BrokerRow[] | undefined {
  const rows = Array.isArray(data) ? data : [data];
  const plain = rows.flatMap((row) => (isRecord(row) ? [toPlainRow(row)] : []));
  return plain.length === rows.length ? plain : undefined;
}

function toPlainRow(row: Record<string, unknown>): BrokerRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, isPlain(value) ? value : JSON.stringify(value)]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlain(value: unknown): value is BrokerRow[string] {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** `2025-10-28 12:44:40.0`, Indian time; `null` for anything else. */
function parseTime(time: string | null | undefined): number | null {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/.exec(time ?? '');
  if (!parts) return null;
  const utc = Date.parse(`${parts[1]}T${parts[2]}Z`);
  return Number.isFinite(utc) ? utc - IST_OFFSET_MS : null;
}
