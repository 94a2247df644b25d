import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { rootMessage } from '@tickbridge/database';
import { type OpenTrip, tripAfter } from '@tickbridge/trading-core';
import type { Subscription } from 'rxjs';
import { AccountLeases } from '../accounts/account-leases';
import { SerialQueue } from '../concurrency/serial-queue';
import { PositionBook } from '../positions/position-book';
import { type PositionKey, positionKey } from '../positions/position-lives';
import { type FillOfTrip, type PlacedTrip, RoundTripRepository } from './round-trip.repository';

/** Fills so close together are read together (milliseconds). */
const GATHER_MS = 100;
/** Candles of a trip's last moments are stored by then (milliseconds). */
const MEASURE_AFTER_MS = 10_000;
/** After a failure, and for what another process left behind (milliseconds). */
const RETRY_MS = 5_000;

/**
 * Makes round trips of the fills of the accounts traded here, a moment after they are booked.
 *
 * Beside the booking, so no order waits for it. What a crash leaves out is made up from the fills when the account is taken.
 */
@Injectable()
export class RoundTripProjector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('RoundTripProjector');
  private readonly changed = new Map<string, PositionKey>();
  /** Accounts with closed trips to be measured. */
  private readonly unmeasured = new Set<string>();
  private readonly queue = new SerialQueue();
  private subscriptions: Subscription[] = [];
  private timers: { look?: NodeJS.Timeout | undefined; measure?: NodeJS.Timeout | undefined } = {};
  private stopped = false;

  constructor(
    private readonly book: PositionBook,
    private readonly leases: AccountLeases,
    private readonly trips: RoundTripRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.subscriptions = [
      this.book.changes$.subscribe((key) => this.note(key)),
      this.leases.changes$.subscribe(({ gained }) => gained.forEach((id) => void this.takeUp(id))),
    ];
    this.leases.held.forEach((id) => void this.takeUp(id));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    clearTimeout(this.timers.look);
    clearTimeout(this.timers.measure);
    await this.queue.run(() => this.look());
  }

  private note({ accountId, strategy, symbol }: PositionKey): void {
    const key = { accountId, strategy, symbol };
    this.changed.set(positionKey(key), key);
    this.lookIn(GATHER_MS);
  }

  private lookIn(delayMs: number): void {
    if (this.stopped) return;
    this.timers.look ??= setTimeout(() => {
      this.timers.look = undefined;
      void this.queue.run(() => this.look());
    }, delayMs);
  }

  /** An account is traded here from now on: everything it ever held is looked at once. */
  private async takeUp(accountId: string): Promise<void> {
    try {
      for (const key of await this.trips.keys(accountId)) this.note(key);
      this.measureSoon(accountId);
    } catch (error) {
      this.tell(error);
      if (!this.stopped) setTimeout(() => void this.takeUp(accountId), RETRY_MS).unref();
    }
  }

  private async look(): Promise<void> {
    for (const [id, key] of [...this.changed]) {
      try {
        this.changed.delete(id);
        await this.project(key);
      } catch (error) {
        this.tell(error);
        this.changed.set(id, key);
        this.lookIn(RETRY_MS);
        return;
      }
    }
  }

  private async project(key: PositionKey): Promise<void> {
    for (;;) {
      const newest = await this.trips.newest(key);
      const fills = await this.trips.fillsAfter(key, newest?.lastFill ?? 0);
      if (fills.length === 0) return;
      const placed = tripsOf(fills, newest);
      await this.trips.save(key, placed);
      if (placed.some(({ trip }) => 'closedAt' in trip)) this.measureSoon(key.accountId);
    }
  }

  private measureSoon(accountId: string): void {
    this.unmeasured.add(accountId);
    if (this.stopped) return;
    this.timers.measure ??= setTimeout(() => {
      this.timers.measure = undefined;
      void this.queue.run(() => this.measure());
    }, MEASURE_AFTER_MS);
  }

  private async measure(): Promise<void> {
    for (const accountId of [...this.unmeasured]) {
      this.unmeasured.delete(accountId);
      try {
        await this.trips.measure(accountId, this.book.feedOf(accountId), new Date());
      } catch (error) {
        this.tell(error);
        this.measureSoon(accountId);
        return;
      }
    }
  }

  private tell(error: unknown): void {
    this.logger.debug(`round trips not written, tried again: ${rootMessage(error)}`);
  }
}

/** Trips that fills make, going on from the newest one that is known; each as it is after the last of them. */
export function tripsOf(fills: readonly FillOfTrip[], newest: PlacedTrip | undefined): PlacedTrip[] {
  const placed = new Map<number, PlacedTrip>();
  let open: OpenTrip | undefined;
  let firstFill = 0;
  if (newest && !('closedAt' in newest.trip)) ({ trip: open, firstFill } = newest);
  for (const { position, filledAt, ...fill } of fills) {
    if (open === undefined) firstFill = position;
    const after = tripAfter(open, { ...fill, at: filledAt.getTime() });
    if (after.closed) {
      placed.set(firstFill, { trip: after.closed, firstFill, lastFill: position });
      firstFill = position;
    }
    open = after.open;
    if (open) placed.set(firstFill, { trip: open, firstFill, lastFill: position });
  }
  return [...placed.values()];
}
