import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { accounts, Database, exitTrails, rootMessage } from '@tickbridge/database';
import { type Trail, Trails } from '@tickbridge/trading-core';
import { eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import type { Subscription } from 'rxjs';
import { AccountLeases } from '../accounts/account-leases';
import { TradingFeeds } from '../market/trading-feeds';
import { PositionBook } from '../positions/position-book';

/** What open positions have seen, in memory and in PostgreSQL: a trailing stop goes on where it stood. */
@Injectable()
export class ExitTrails implements OnApplicationShutdown {
  readonly trails = new Trails();
  private readonly logger = new Logger('ExitTrails');
  private readonly takeovers: Subscription;

  constructor(
    private readonly database: Database,
    private readonly feeds: TradingFeeds,
    private readonly book: PositionBook,
    leases: AccountLeases,
  ) {
    this.takeovers = leases.changes$.subscribe(({ gained }) => {
      if (gained.length > 0) this.takeOver();
    });
  }

  onApplicationShutdown(): void {
    this.takeovers.unsubscribe();
  }

  /** Takes in what an earlier run, or another orchestrator, stored. */
  async load(): Promise<void> {
    const rows = await this.database.orm
      .select(getTableColumns(exitTrails))
      .from(exitTrails)
      .innerJoin(accounts, eq(exitTrails.accountId, accounts.id))
      .where(inArray(accounts.feed, [...this.feeds.names]));
    this.trails.restore(
      rows.map((row) => ({ ...row, openedAt: row.openedAt.getTime() })),
      ({ accountId, strategy, symbol }) => (this.book.quantity(accountId, strategy, symbol) < 0 ? -1 : 1),
    );
  }

  /** Stores what has changed: one statement. To be done before its bars count as acted on. */
  async store(): Promise<void> {
    const changed = this.trails.takeChanges();
    if (changed.length === 0) return;
    try {
      await this.write(changed);
    } catch (error) {
      this.trails.giveBack(changed);
      throw error;
    }
  }

  /** Reads what the holder before this one stored; what was seen meanwhile is kept when it is better. */
  private takeOver(): void {
    this.load().catch((error: unknown) => this.logger.warn(`trails not taken over: ${rootMessage(error)}`));
  }

  private async write(changed: readonly Trail[]): Promise<void> {
    await this.database.orm
      .insert(exitTrails)
      .values(changed.map((trail) => ({ ...trail, openedAt: new Date(trail.openedAt) })))
      .onConflictDoUpdate({
        target: [exitTrails.accountId, exitTrails.strategy, exitTrails.symbol],
        set: {
          openedAt: sql`excluded.opened_at`,
          best: sql`excluded.best`,
          range: sql`excluded.range`,
        },
      });
  }
}
