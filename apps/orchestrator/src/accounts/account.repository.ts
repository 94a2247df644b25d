import { Injectable, Logger } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { accounts, Database, statement } from '@tickbridge/database';
import { PAPER_CAPITAL } from '@tickbridge/trading-core';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { TradingFeed } from '../market/trading-feed';
import { TradingFeeds } from '../market/trading-feeds';

export type StoredAccount = typeof accounts.$inferSelect;

/** Orders of a real account leave the house only while a person has armed it; paper accounts need no arming. */
export function isArmed({ broker, armed }: StoredAccount): boolean {
  return broker === 'paper' || armed;
}

const findAccount = statement((database) =>
  database
    .select()
    .from(accounts)
    .where(eq(accounts.id, sql.placeholder('id')))
    .prepare('find_account'),
);

/** Accounts and their cash. */
@Injectable()
export class AccountRepository {
  private readonly logger = new Logger('Accounts');

  constructor(
    private readonly database: Database,
    private readonly feeds: TradingFeeds,
  ) {}

  async all(): Promise<StoredAccount[]> {
    return this.database.orm.select().from(accounts).orderBy(asc(accounts.id));
  }

  async find(id: string): Promise<StoredAccount | undefined> {
    const [account] = await findAccount(this.database.orm).execute({ id });
    return account;
  }

  /** Enabled accounts that trade one of the feeds. */
  async tradable(feeds: readonly FeedName[] = this.feeds.names): Promise<StoredAccount[]> {
    return this.database.orm
      .select()
      .from(accounts)
      .where(and(eq(accounts.enabled, true), inArray(accounts.feed, [...feeds])))
      .orderBy(asc(accounts.id));
  }

  /**
   * Gives each feed without an account a paper account: PAPER_TRADER_001, or the next free number when that one
   * trades another feed. Prices of different feeds never meet in one book.
   *
   * Waits for PostgreSQL to be ready for the first time.
   */
  async seed(): Promise<void> {
    await this.database.whenReady();
    for (const feed of this.feeds.all) await this.seedFor(feed);
  }

  private async seedFor({ name, currency }: TradingFeed): Promise<void> {
    const known = await this.all();
    if (known.some(({ feed }) => feed === name)) return;
    const taken = new Set(known.map(({ id }) => id));
    let number = 1;
    while (taken.has(paperId(number))) number += 1;
    const capital = PAPER_CAPITAL[currency].toString();
    const id = paperId(number);
    await this.database.orm
      .insert(accounts)
      .values({ id, broker: 'paper', feed: name, currency, capital, cash: capital })
      .onConflictDoNothing();
    this.logger.log(`paper account ${id} with ${capital} ${currency} for the feed ${name}`);
  }
}

function paperId(number: number): string {
  return `PAPER_TRADER_${String(number).padStart(3, '0')}`;
}
