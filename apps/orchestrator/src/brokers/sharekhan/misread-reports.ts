import { Logger } from '@nestjs/common';
import type { UnreadableEntry } from '../broker';
import type { ShareKhanMetrics } from './sharekhan.metrics';
import { type DayReport, remarkOf } from './sharekhan.rows';

/** So many orders and words are remembered before counting begins anew. */
const MAX_REMEMBERED = 10_000;

/** What is not understood of the day reports: shown as it stands, counted and logged once for each order. */
export class MisreadReports {
  private readonly logger = new Logger('ShareKhan');
  private readonly byAccount = new Map<string, readonly UnreadableEntry[]>();
  private readonly seen = new Set<string>();

  constructor(private readonly metrics: ShareKhanMetrics) {}

  /** Rows of the last report of an account that could not be read. */
  of(accountId: string): readonly UnreadableEntry[] {
    return this.byAccount.get(accountId) ?? [];
  }

  note(accountId: string, { rows, unreadable }: DayReport): void {
    const entries = unreadable.map(({ orderId, field }) => {
      const which = orderId === null ? 'A row without a number' : `Row ${orderId}`;
      return {
        brokerOrderId: orderId,
        message: `${which} of ShareKhan's day report cannot be read: ${field}`,
      };
    });
    this.byAccount.set(accountId, entries);
    for (const { message } of entries) this.once('row', accountId, message);
    for (const row of rows) {
      const remark = remarkOf(row);
      if (remark !== undefined) this.once('status', row.orderId, remark);
    }
  }

  private once(what: 'status' | 'row', where: string, message: string): void {
    const key = `${where} ${message}`;
    if (this.seen.has(key)) return;
    if (this.seen.size >= MAX_REMEMBERED) this.seen.clear();
    this.seen.add(key);
    this.metrics.reportMisread(what);
    // A word is news once, whatever the number of orders that carry it.
    if (what === 'status' && this.seen.has(message)) return;
    this.seen.add(message);
    this.logger.warn(message);
  }
}
