import { Logger } from '@nestjs/common';
import {
  type Bar,
  type DependencyHealth,
  type FeedName,
  type LiveSource,
  type Tick,
  toIso,
} from '@tickbridge/contracts';
import { Observable, Subject, type Subscription } from 'rxjs';
import type { RedisConnection } from '../connection/redis.connection';
import type { LiveMarketDataOptions } from '../contract/shared-cache.options';
import { BarRepair } from './bar-repair';
import { ConflatedChanges } from './conflated-changes';
import type { Frame, Snapshot } from './frame';
import { HEARTBEAT_MS, type LiveMarketPublisher } from './live-market.publisher';
import type { LiveReaderMetrics } from './live-reader.metrics';
import { PublisherClock } from './publisher-clock';
import { Replica } from './replica';
import { SnapshotFile } from './snapshot-file';
import { SourceSelector } from './source-selector';
import { FileSource } from './sources/file.source';
import { HttpSource } from './sources/http.source';
import { RedisSource } from './sources/redis.source';

/** A tick with where it came from and how old it is. */
export interface LiveTick {
  readonly tick: Tick;
  /** Since the feed process received it (milliseconds), however far its clock is from this one. */
  readonly ageMs: number;
  readonly source: LiveSource;
}

/** One feed's market as this process knows it. */
export interface LiveFeedMarket {
  readonly source: LiveSource;
  /** When the newest tick was received, by this machine's clock (ms since 1970); `null` before the first. */
  readonly asOf: number | null;
  readonly ageMs: number | null;
  readonly ticks: ReadonlyMap<string, Tick>;
}

/** How the reader of one feed is doing. */
export interface LiveFeedStatus {
  readonly source: LiveSource;
  readonly epoch: string | null;
  readonly sequence: number;
  readonly symbols: number;
  readonly framesApplied: number;
  readonly gaps: number;
  readonly sourceSwitches: number;
  readonly bars: number;
  readonly barsLost: number;
  /** When something was last applied, a heartbeat included (ISO 8601). */
  readonly updatedAt: string | null;
  /** When the newest tick was received from the vendor (ISO 8601). */
  readonly newestTickAt: string | null;
}

/**
 * One feed's live data in this process' memory: reads are plain memory reads.
 *
 * A replica of the feed process' state, kept up to date by frames. The freshest source that delivers is used:
 * Redis, in the feed process itself its own state, the HTTP stream, the snapshot file; when Redis is back it is
 * used again by itself.
 */
export class LiveFeedReader {
  /** Ticks that changed, frame by frame. */
  readonly ticks$: Observable<readonly Tick[]>;
  /** The same at the pace of whoever reads: `for await (const ticks of live.changes$)`. */
  readonly changes$: AsyncIterable<readonly Tick[]>;
  /** Closed bars in sequence, each once, none left out. A new subscriber first gets the retained ones. */
  readonly bars$: Observable<readonly Bar[]>;
  private readonly logger = new Logger('LiveMarketData');
  private readonly replica = new Replica();
  private readonly ticks = new Subject<readonly Tick[]>();
  private readonly bars = new Subject<readonly Bar[]>();
  private readonly selector: SourceSelector | undefined;
  private readonly repair: BarRepair | undefined;
  private readonly redisSource: RedisSource | undefined;
  private readonly httpSource: HttpSource | undefined;
  private subscription: Subscription | undefined;
  private resyncing = false;
  private held: Frame[] = [];
  private counts = { framesApplied: 0, gaps: 0, sourceSwitches: 0, bars: 0 };
  private newestReceivedAt: number | null = null;
  private readonly clock: PublisherClock;

  /** @param publisher of the same feed in the same process, if there is one: the shortest way */
  constructor(
    readonly feed: FeedName,
    { httpUrl, internalApiKey, directory }: LiveMarketDataOptions,
    private readonly redis: RedisConnection,
    private readonly publisher: LiveMarketPublisher | undefined,
    private readonly metrics: LiveReaderMetrics | undefined,
  ) {
    this.clock = new PublisherClock(() => redis.clockOffsetMs);
    this.ticks$ = this.ticks.asObservable();
    this.changes$ = new ConflatedChanges(this.ticks$);
    this.bars$ = new Observable((subscriber) => {
      const retained = this.replica.bars.after(0);
      if (retained.length > 0) subscriber.next(retained);
      return this.bars.subscribe(subscriber);
    });
    if (publisher) return;
    this.redisSource = new RedisSource(redis, feed, this);
    this.httpSource =
      httpUrl === undefined ? undefined : new HttpSource({ baseUrl: httpUrl, feed, internalApiKey }, this);
    const file =
      directory === undefined ? undefined : new FileSource(new SnapshotFile(directory, feed), this);
    this.selector = new SourceSelector(this.redisSource, this.httpSource, file);
    this.repair = this.httpSource && new BarRepair(this.httpSource, this.replica, (next) => this.pass(next));
  }

  start(): void {
    if (this.publisher) this.followPublisher(this.publisher);
    else {
      this.redisSource?.start();
      this.subscription = this.redis.available$.subscribe((available) => {
        // Once something is known, frames lead to it: what Redis holds when it returns may be older.
        if (available && this.replica.epoch === undefined) void this.redisSource?.snapshot();
      });
      this.selector?.start();
    }
  }

  stop(): void {
    this.subscription?.unsubscribe();
    this.redisSource?.stop();
    this.selector?.stop();
    this.repair?.stop();
    this.ticks.complete();
    this.bars.complete();
  }

  /**
   * Newest tick of a symbol.
   *
   * @param maxAgeMs older ticks count as absent (milliseconds since `receivedAt`)
   * @returns the tick with its source and age, or `undefined` when none is fresh enough
   */
  get(
    symbol: string,
    { maxAgeMs = Number.POSITIVE_INFINITY }: { maxAgeMs?: number } = {},
  ): LiveTick | undefined {
    const tick = this.replica.ticks.get(symbol);
    if (!tick) return undefined;
    const ageMs = this.ageMs(tick.receivedAt);
    return ageMs > maxAgeMs ? undefined : { tick, ageMs, source: this.replica.source };
  }

  /** Every symbol's newest tick, whatever its age. */
  getAll(): LiveFeedMarket {
    const asOf = this.newestReceivedAt === null ? null : this.clock.toLocal(this.newestReceivedAt);
    return {
      source: this.replica.source,
      asOf,
      ageMs: asOf === null ? null : Math.max(0, Date.now() - asOf),
      ticks: this.replica.ticks,
    };
  }

  /** The tick with `receivedAt` as this machine's clock would have shown it; itself while the clocks agree. */
  inLocalTime(tick: Tick): Tick {
    const { aheadMs } = this.clock;
    return aheadMs === 0 ? tick : { ...tick, receivedAt: tick.receivedAt + aheadMs };
  }

  /** Every symbol's newest tick, in this machine's time. */
  allInLocalTime(): ReadonlyMap<string, Tick> {
    const { ticks } = this.replica;
    if (this.clock.aheadMs === 0) return ticks;
    return new Map([...ticks].map(([symbol, tick]) => [symbol, this.inLocalTime(tick)]));
  }

  status(): LiveFeedStatus {
    return {
      source: this.replica.source,
      epoch: this.replica.epoch ?? null,
      sequence: this.replica.sequence,
      symbols: this.replica.ticks.size,
      ...this.counts,
      barsLost: this.replica.lostBars,
      updatedAt: this.replica.updatedAt === null ? null : toIso(this.replica.updatedAt),
      newestTickAt: this.newestReceivedAt === null ? null : toIso(this.newestReceivedAt),
    };
  }

  /** Up while frames arrive over the first source, degraded over another or while nothing arrives. */
  health(): DependencyHealth {
    const { updatedAt, source } = this.replica;
    if (updatedAt === null) return { status: 'degraded', detail: 'no market data received yet' };
    const silenceMs = Date.now() - updatedAt;
    if (silenceMs > 4 * HEARTBEAT_MS) {
      return { status: 'degraded', detail: `nothing from market-data for ${silenceMs} ms` };
    }
    if (source === 'redis' || source === 'in-process') return { status: 'up', detail: `over ${source}` };
    return { status: 'degraded', detail: `over ${source} instead of redis` };
  }

  /** @internal called by the sources */
  frame(frame: Frame, source: LiveSource): void {
    if (this.resyncing && source === 'redis') {
      this.held.push(frame);
      return;
    }
    this.clock.told(frame.clockOffsetMs);
    const before = this.replica.source;
    const outcome = this.replica.apply(frame, source);
    if (outcome === 'gap') {
      this.counts.gaps += 1;
      this.metrics?.gap(this.feed);
    }
    if (outcome === 'gap' || outcome === 'other-epoch') void this.resync(source, frame);
    else if (source === 'redis') this.selector?.redisDelivers();
    if (outcome !== 'applied') return;
    this.counts.framesApplied += 1;
    this.noteSwitch(before);
    this.tell(frame.ticks);
    this.takeBars(frame.bars);
  }

  /** @internal called by the sources */
  snapshot(snapshot: Snapshot, source: LiveSource, roundTripMs?: number): void {
    // A file or a hash may be read long after it was written, and says by which clock it was.
    this.clock.told(snapshot.clockOffsetMs);
    if (roundTripMs !== undefined) this.clock.answered(snapshot.flushedAt, roundTripMs, Date.now());
    const before = this.replica.source;
    const changed = this.replica.reset(snapshot, source);
    if (this.replica.epoch !== snapshot.epoch) return;
    this.noteSwitch(before);
    this.tell(changed);
    if (snapshot.barSequence > this.replica.bars.lastSequence) this.repair?.request();
  }

  private followPublisher(publisher: LiveMarketPublisher): void {
    this.replica.reset(publisher.snapshot(), 'in-process');
    this.subscription = publisher.frames$.subscribe((frame) => this.frame(frame, 'in-process'));
  }

  /** Something is missing: starts over from the source's snapshot, then applies what arrived meanwhile. */
  private async resync(source: LiveSource, frame: Frame): Promise<void> {
    if (source === 'http') {
      this.httpSource?.restart();
      return;
    }
    if (source !== 'redis' || !this.redisSource || this.resyncing) return;
    this.resyncing = true;
    this.held = [frame];
    await this.redisSource.snapshot();
    this.resyncing = false;
    const held = this.held;
    this.held = [];
    // A frame that still does not fit is dropped; the next one asks for a snapshot again.
    for (const next of held) {
      if (this.replica.apply(next, source) !== 'applied') continue;
      this.counts.framesApplied += 1;
      this.tell(next.ticks);
      this.takeBars(next.bars);
    }
  }

  private takeBars(bars: readonly Bar[]): void {
    if (bars.length === 0) return;
    // Without a way to repair, a hole stays one: better the bars after it than none.
    const { next, missing } = this.replica.takeBars(bars, this.repair === undefined);
    this.pass(next);
    if (missing) this.repair?.request();
  }

  private pass(bars: readonly Bar[]): void {
    if (bars.length === 0) return;
    this.counts.bars += bars.length;
    this.bars.next(bars);
  }

  private tell(ticks: readonly Tick[]): void {
    if (ticks.length === 0) return;
    let oldest = Infinity;
    for (const { receivedAt } of ticks) {
      if (receivedAt < oldest) oldest = receivedAt;
      if (this.newestReceivedAt === null || receivedAt > this.newestReceivedAt)
        this.newestReceivedAt = receivedAt;
    }
    this.metrics?.age(this.feed, this.ageMs(oldest));
    this.ticks.next(ticks);
  }

  private ageMs(receivedAt: number): number {
    return Math.max(0, Date.now() - this.clock.toLocal(receivedAt));
  }

  private noteSwitch(before: LiveSource): void {
    const { source } = this.replica;
    if (source === before) return;
    if (before !== 'none') {
      this.counts.sourceSwitches += 1;
      this.metrics?.sourceSwitch(this.feed);
    }
    this.logger.log(
      before === 'none'
        ? `live data of ${this.feed} over ${source}`
        : `live data of ${this.feed} over ${source} instead of ${before}`,
    );
  }
}
