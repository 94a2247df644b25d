import { Injectable } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { Database, vendorStatuses } from '@tickbridge/database';
import type { VendorStatus } from '@tickbridge/trading-core';

/** What vendors say of the markets behind their feeds, told by market-data through PostgreSQL. */
@Injectable()
export class VendorStatuses {
  private known: ReadonlyMap<FeedName, VendorStatus> = new Map();

  constructor(private readonly database: Database) {}

  /** As of the last look; `null` when the vendor of the feed said nothing. */
  of(feed: FeedName): VendorStatus | null {
    return this.known.get(feed) ?? null;
  }

  /** @throws DatabaseUnavailableError while PostgreSQL is away */
  async refresh(): Promise<void> {
    const rows = await this.database.orm.select().from(vendorStatuses);
    this.known = new Map(
      rows.map(({ feed, state, since, saidAt }) => [
        feed,
        { state, since: since.getTime(), saidAt: saidAt.getTime() },
      ]),
    );
  }

  /** Tells what the vendor of a feed says. */
  async tell(feed: FeedName, { state, since, saidAt }: VendorStatus): Promise<void> {
    const row = { state, since: new Date(since), saidAt: new Date(saidAt) };
    await this.database.orm
      .insert(vendorStatuses)
      .values({ feed, ...row })
      .onConflictDoUpdate({ target: vendorStatuses.feed, set: row });
  }
}
