import { Injectable } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { accounts, Database, positions } from '@tickbridge/database';
import { type GuardedPosition, money } from '@tickbridge/trading-core';
import { eq, inArray } from 'drizzle-orm';
import { TradingFeeds } from '../feed/trading-feeds';
import type { PositionRow } from './position.rows';

/** Positions of the feeds' accounts in memory: what PostgreSQL holds, as of the last committed fill. */
@Injectable()
export class PositionBook {
  private readonly rows = new Map<string, PositionRow>();
  private readonly feedOfAccount = new Map<string, FeedName>();

  constructor(
    private readonly database: Database,
    private readonly feeds: TradingFeeds,
  ) {}

  /** Starts over from PostgreSQL. */
  async load(): Promise<void> {
    const rows = await this.database.orm
      .select({ position: positions })
      .from(positions)
      .innerJoin(accounts, eq(positions.accountId, accounts.id))
      .where(inArray(accounts.feed, [...this.feeds.names]));
    const owners = await this.database.orm.select({ id: accounts.id, feed: accounts.feed }).from(accounts);
    this.rows.clear();
    for (const { position } of rows) this.put(position);
    for (const { id, feed } of owners) this.feedOfAccount.set(id, feed);
  }

  /** Feed of an account's instruments. @throws Error for an account that was not there at the last `load` */
  feedOf(accountId: string): FeedName {
    const feed = this.feedOfAccount.get(accountId);
    if (feed) return feed;
    throw new Error(`account ${accountId} is not known here`);
  }

  put(row: PositionRow): void {
    this.rows.set(key(row.accountId, row.strategy, row.symbol), row);
  }

  /** Signed open quantity; 0 when there is none. */
  quantity(accountId: string, strategy: string, symbol: string): number {
    return Number(this.rows.get(key(accountId, strategy, symbol))?.quantity ?? 0);
  }

  /** Open positions, of one account or of all. */
  open(accountId?: string): PositionRow[] {
    return [...this.rows.values()].filter(
      (row) => !money(row.quantity).isZero() && (accountId === undefined || row.accountId === accountId),
    );
  }

  /**
   * Open positions of a symbol with their exit levels.
   *
   * @param own tells the accounts whose positions are guarded here
   */
  guarded(symbol: string, own: (accountId: string) => boolean): GuardedPosition[] {
    return this.open()
      .filter((row) => row.symbol === symbol && own(row.accountId))
      .map(({ strategy, quantity, stopLoss, target }) => ({
        strategy,
        symbol,
        quantity: Number(quantity),
        stopLoss,
        target,
      }));
  }
}

function key(accountId: string, strategy: string, symbol: string): string {
  return JSON.stringify([accountId, strategy, symbol]);
}
