import { Injectable } from '@nestjs/common';
import { type Bar, barCloseTime, type FeedName } from '@tickbridge/contracts';
import { barCheckpoint, Database } from '@tickbridge/database';
import { inArray, sql } from 'drizzle-orm';
import type { TradingFeed } from '../market/trading-feed';
import { TradingFeeds } from '../market/trading-feeds';

/** Bars of a feed as they wait for the trading loop. */
export interface FeedBar {
  readonly feed: TradingFeed;
  readonly bar: Bar;
}

/** Close of the last bar per feed and symbol that was acted on, in PostgreSQL: no bar is acted on twice. */
@Injectable()
export class BarCheckpoints {
  private readonly closeTimes = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly feeds: TradingFeeds,
  ) {}

  async load(): Promise<void> {
    const rows = await this.database.orm
      .select()
      .from(barCheckpoint)
      .where(inArray(barCheckpoint.source, [...this.feeds.names]));
    this.closeTimes.clear();
    for (const { source, symbol, closeTime } of rows) {
      this.closeTimes.set(key(source, symbol), closeTime.getTime());
    }
  }

  /** True when this bar, or a later one of its symbol, was acted on before. */
  covers({ feed, bar }: FeedBar): boolean {
    const done = this.closeTimes.get(key(feed.name, bar.symbol)) ?? Number.NEGATIVE_INFINITY;
    return barCloseTime(bar) <= done;
  }

  /** Remembers the bars as acted on: one statement for all of them. */
  async advance(bars: readonly FeedBar[]): Promise<void> {
    const newest = new Map<string, { source: FeedName; symbol: string; closeTime: Date }>();
    for (const { feed, bar } of bars) {
      const name = key(feed.name, bar.symbol);
      const closeTime = Math.max(newest.get(name)?.closeTime.getTime() ?? 0, barCloseTime(bar));
      newest.set(name, { source: feed.name, symbol: bar.symbol, closeTime: new Date(closeTime) });
    }
    if (newest.size === 0) return;
    await this.database.orm
      .insert(barCheckpoint)
      .values([...newest.values()])
      .onConflictDoUpdate({
        target: [barCheckpoint.source, barCheckpoint.symbol],
        set: { closeTime: sql`greatest(${barCheckpoint.closeTime}, excluded.close_time)` },
      });
    for (const [name, { closeTime }] of newest) this.closeTimes.set(name, closeTime.getTime());
  }
}

function key(source: FeedName, symbol: string): string {
  return `${source}:${symbol}`;
}
