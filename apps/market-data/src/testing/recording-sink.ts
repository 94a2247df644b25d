import { FeedSink } from '../feeds/feed-sink';
import type { MarketUpdate } from '../ticks/market-update';
import type { RejectionReason } from '../ticks/rejection';

/** Remembers what a feed delivered. */
export class RecordingSink extends FeedSink {
  readonly updates: MarketUpdate[] = [];
  readonly rejected: RejectionReason[] = [];
  readonly ignored: string[] = [];
  readonly lost: string[] = [];
  connections = 0;
  hasEnded = false;

  override accept(update: MarketUpdate): void {
    this.updates.push(update);
  }

  override reject(reason: RejectionReason): void {
    this.rejected.push(reason);
  }

  override ignore(kind: string): void {
    this.ignored.push(kind);
  }

  override connectionStarted(): void {
    this.connections += 1;
  }

  override tradesLost(symbols: readonly string[]): void {
    this.lost.push(...symbols);
  }

  override ended(): void {
    this.hasEnded = true;
  }
}
