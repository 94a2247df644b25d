import { Injectable } from '@nestjs/common';
import { type Bar, barCloseTime } from '@tickbridge/contracts';
import { barCheckpoint, Database } from '@tickbridge/database';
import { eq, sql } from 'drizzle-orm';
import { TradingFeed } from '../feed/trading-feed';

/** Close of the last bar per symbol that was acted on, in PostgreSQL: no bar is acted on twice. */
@Injectable()
export class BarCheckpoints {
  private readonly closeTimes = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly feed: TradingFeed,
  ) {}

  async load(): Promise<void> {
    const rows = await this.database.orm
      .select()
      .from(barCheckpoint)
      .where(eq(barCheckpoint.source, this.feed.name));
    this.closeTimes.clear();
    for (const { symbol, closeTime } of rows) this.closeTimes.set(symbol, closeTime.getTime());
  }

  /** True when this bar, or a later one of its symbol, was acted on before. */
  covers(bar: Bar): boolean {
    return barCloseTime(bar) <= (this.closeTimes.get(bar.symbol) ?? Number.NEGATIVE_INFINITY);
  }

  /** Remembers the bars as acted on: one statement for all of them. */
  async advance(bars: readonly Bar[]): Promise<void> {
    const newest = new Map<string, number>();
    for (const bar of bars) {
      newest.set(bar.symbol, Math.max(newest.get(bar.symbol) ?? 0, barCloseTime(bar)));
    }
    if (newest.size === 0) return;
    await this.database.orm
      .insert(barCheckpoint)
      .values(
        [...newest].map(([symbol, closeTime]) => ({
          source: this.feed.name,
          symbol,
          closeTime: new Date(closeTime),
        })),
      )
      .onConflictDoUpdate({
        target: [barCheckpoint.source, barCheckpoint.symbol],
        set: { closeTime: sql`greatest(${barCheckpoint.closeTime}, excluded.close_time)` },
      });
    for (const [symbol, closeTime] of newest) this.closeTimes.set(symbol, closeTime);
  }
}
