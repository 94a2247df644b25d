import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { VendorStatuses } from '@tickbridge/calendars';
import type { FeedName } from '@tickbridge/contracts';
import { isDatabaseUnavailable, rootMessage } from '@tickbridge/database';
import type { VendorStatus } from '@tickbridge/trading-core';
import type { LaneStatus } from './lane-status';

/** A vendor's word reaches the services that decide on orders within this time and their own look (milliseconds). */
const POLL_INTERVAL_MS = 500;

/** A feed and what is known of its market. */
export interface WatchedFeed {
  readonly name: FeedName;
  readonly status: Pick<LaneStatus, 'vendorStatus' | 'marketStatus'>;
}

/** Tells the other services what vendors say of their markets, and people when that contradicts a calendar. */
export class VendorStatusWriter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('MarketHours');
  private readonly told = new Map<FeedName, VendorStatus>();
  private readonly contradictions = new Map<FeedName, string>();
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> | undefined;

  constructor(
    private readonly feeds: readonly WatchedFeed[],
    private readonly statuses: Pick<VendorStatuses, 'tell'>,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), POLL_INTERVAL_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.telling;
  }

  /** Looks once; what cannot be told now is told at the next look. */
  look(now: number = Date.now()): void {
    for (const feed of this.feeds) this.noteContradiction(feed, now);
    this.telling ??= this.tell(now).finally(() => (this.telling = undefined));
  }

  private async tell(now: number): Promise<void> {
    for (const { name, status } of this.feeds) {
      const said = status.vendorStatus(now);
      if (said === null || this.told.get(name)?.saidAt === said.saidAt) continue;
      try {
        await this.statuses.tell(name, said);
        this.told.set(name, said);
      } catch (error) {
        // PostgreSQL has a health of its own, and without it no order goes.
        if (!isDatabaseUnavailable(error)) this.logger.warn(`${name}: not told: ${rootMessage(error)}`);
      }
    }
  }

  private noteContradiction({ name, status }: WatchedFeed, now: number): void {
    const before = this.contradictions.get(name);
    const contradiction = status.marketStatus(now)?.contradiction ?? undefined;
    if (contradiction === before) return;
    if (contradiction === undefined) {
      this.contradictions.delete(name);
      this.logger.log(`${name}: calendar and vendor agree again`);
    } else {
      this.contradictions.set(name, contradiction);
      this.logger.warn(`${name}: ${contradiction}`);
    }
  }
}
