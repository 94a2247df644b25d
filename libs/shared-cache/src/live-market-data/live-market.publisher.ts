import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { type Bar, type FeedName, type Tick, tickToText } from '@tickbridge/contracts';
import { Subject } from 'rxjs';
import type { RedisConnection } from '../connection/redis.connection';
import { keys } from '../contract/shared-cache.keys';
import type { PublishPermit } from '../contract/shared-cache.options';
import { BarLog } from './bar-log';
import { FENCED_OFF, FLUSH_FRAME, packFields } from './flush.script';
import { encodeFrame, type Frame, type Snapshot } from './frame';
import type { PublisherMetrics } from './publisher.metrics';
import { SnapshotFile } from './snapshot-file';

/** When nothing changes a frame goes out all the same, so readers know the link lives (milliseconds). */
export const HEARTBEAT_MS = 500;
const FILE_INTERVAL_MS = 1_000;
/** A flush may wait this long for Redis; readers are then told over HTTP all the same (milliseconds). */
const FLUSH_DEADLINE_MS = 250;
/** Pace of the frames while Redis does not set it by its answers (milliseconds). */
const UNPACED_INTERVAL_MS = 5;
/** A frame of so many ticks is load: another right after it would cost as much and tell readers little. */
const LARGE_FRAME_TICKS = 32;
/** From one large frame to the next (milliseconds). */
const LOADED_INTERVAL_MS = 1;

/** What the publisher did since start. */
export interface PublisherStatus {
  readonly epoch: string;
  readonly sequence: number;
  readonly symbols: number;
  readonly ticksPublished: number;
  readonly framesToRedis: number;
  readonly framesWithoutRedis: number;
  /** Frames Redis refused because another process publishes under a higher fencing number. */
  readonly framesRefused: number;
  readonly lastFlushAt: number | null;
}

/** What a publisher works with besides Redis; each may be absent. */
export interface PublisherSurroundings {
  /** Folder of the snapshot file. */
  directory?: string | undefined;
  /** Asked before every frame. Absent: the only publisher of its feed, which may always publish. */
  permit?: PublishPermit | undefined;
  metrics?: PublisherMetrics | undefined;
}

type FlushCommand = (hash: string, meta: string, ...args: (string | number | Buffer)[]) => Promise<number>;

/**
 * Writes one feed's live market data for every other process: the newest tick per symbol and each closed bar.
 *
 * One flush at a time, and after a large one a pause: what changes meanwhile goes out together with the next one, so
 * load makes frames larger, not queues longer. Without Redis the same frames go over the HTTP stream and the snapshot file.
 * Without the permit nothing goes anywhere.
 */
export class LiveMarketPublisher {
  /** Every frame, as it is sent. */
  readonly frames$ = new Subject<Frame>();
  private readonly logger = new Logger('Publisher');
  private readonly latest = new Map<string, Tick>();
  /** Newer than `latest`, and not sent yet. */
  private readonly changed = new Map<string, Tick>();
  private readonly bars = new BarLog();
  private readonly file: SnapshotFile | undefined;
  private readonly permit: PublishPermit | undefined;
  private readonly metrics: PublisherMetrics | undefined;
  private epoch_ = newEpoch();
  private closedBars: Bar[] = [];
  private barSequence = 0;
  private sequence = 0;
  private scheduled = false;
  private writing = false;
  /** The next frame waits for this moment (ms of the steady clock). */
  private notBefore = 0;
  /** The hash in Redis lacks something: write it whole with the next flush. */
  private rewrite = true;
  private timers: NodeJS.Timeout[] = [];
  private counts = { ticksPublished: 0, framesToRedis: 0, framesWithoutRedis: 0, framesRefused: 0 };
  private lastFlushAt: number | null = null;

  constructor(
    readonly source: FeedName,
    private readonly redis: RedisConnection,
    { directory, permit, metrics }: PublisherSurroundings = {},
  ) {
    this.permit = permit;
    this.metrics = metrics;
    redis.commandClient?.defineCommand('flushFrame', { numberOfKeys: 2, lua: FLUSH_FRAME });
    this.file = directory === undefined ? undefined : new SnapshotFile(directory, source);
  }

  /** Changes with every start of this process and every term it publishes in; sequences count within it. */
  get epoch(): string {
    return this.epoch_;
  }

  start(): void {
    this.timers = [
      setInterval(() => this.beat(), HEARTBEAT_MS),
      setInterval(() => void this.writeFile(), FILE_INTERVAL_MS),
    ];
    this.redis.available$.subscribe((available) => {
      if (!available) return;
      // The server may be new or emptied: what it holds is not known.
      this.rewrite = true;
      this.schedule();
    });
  }

  async stop(): Promise<void> {
    this.timers.forEach(clearInterval);
    await this.writeFile();
    this.frames$.complete();
  }

  /** Starts anew, with nothing known: others have published since, and what was known then is old. */
  beginEpoch(): void {
    this.epoch_ = newEpoch();
    this.sequence = 0;
    this.barSequence = 0;
    this.latest.clear();
    this.changed.clear();
    this.bars.clear();
    this.closedBars = [];
    this.rewrite = true;
  }

  /** Makes a tick the newest of its symbol and tells every reader soon. The tick is kept, not copied. */
  publish(tick: Tick): void {
    this.changed.set(tick.symbol, tick);
    this.counts.ticksPublished += 1;
    if (!this.scheduled && !this.writing) this.schedule();
  }

  /** Numbers a closed bar and passes it to every reader, none left out. */
  publishBar(bar: Omit<Bar, 'sequence'>): void {
    const numbered: Bar = { ...bar, sequence: ++this.barSequence };
    this.bars.append(numbered);
    this.closedBars.push(numbered);
    this.schedule();
  }

  /** Closed bars after a sequence, for readers that missed some. */
  barsAfter(sequence: number): readonly Bar[] {
    return this.bars.after(sequence);
  }

  /** Everything known now. */
  snapshot(): Snapshot {
    return {
      epoch: this.epoch,
      sequence: this.sequence,
      flushedAt: Date.now(),
      clockOffsetMs: this.clockOffsetMs(),
      ticks: [...new Map([...this.latest, ...this.changed]).values()],
      barSequence: this.barSequence,
    };
  }

  status(): PublisherStatus {
    return {
      epoch: this.epoch,
      sequence: this.sequence,
      symbols: new Set([...this.latest.keys(), ...this.changed.keys()]).size,
      ...this.counts,
      lastFlushAt: this.lastFlushAt,
    };
  }

  private beat(): void {
    if (this.lastFlushAt === null || Date.now() - this.lastFlushAt >= HEARTBEAT_MS) this.schedule();
  }

  private async writeFile(): Promise<void> {
    if (this.mayPublish()) await this.file?.write(this.snapshot());
  }

  private mayPublish(): boolean {
    return this.permit === undefined || this.permit.fence() !== null;
  }

  private schedule(): void {
    if (this.scheduled || this.writing || !this.mayPublish()) return;
    this.scheduled = true;
    const flush = () => void this.flush();
    if (!this.redis.available) setTimeout(flush, UNPACED_INTERVAL_MS);
    else if (performance.now() < this.notBefore) setTimeout(flush, LOADED_INTERVAL_MS);
    else setImmediate(flush);
  }

  private async flush(): Promise<void> {
    this.scheduled = false;
    // Asked again: the process may have slept since it was scheduled.
    const fence = this.permit?.fence();
    if (fence === null) return;
    this.sequence += 1;
    const known = this.latest.size;
    const frame: Frame = {
      epoch: this.epoch,
      sequence: this.sequence,
      flushedAt: Date.now(),
      clockOffsetMs: this.clockOffsetMs(),
      ticks: this.takeChanged(),
      bars: this.closedBars,
    };
    this.closedBars = [];
    this.lastFlushAt = frame.flushedAt;
    if (frame.ticks.length >= LARGE_FRAME_TICKS) this.notBefore = performance.now() + LOADED_INTERVAL_MS;
    this.frames$.next(frame);
    this.writing = true;
    await this.writeToRedis(frame, this.latest.size - known, fence);
    this.writing = false;
    if (this.changed.size > 0 || this.closedBars.length > 0) this.schedule();
  }

  private clockOffsetMs(): number | null {
    const offsetMs = this.redis.clockOffsetMs;
    return offsetMs === null ? null : Math.round(offsetMs);
  }

  private takeChanged(): Tick[] {
    const ticks = [...this.changed.values()];
    this.changed.clear();
    for (const tick of ticks) this.latest.set(tick.symbol, tick);
    return ticks;
  }

  /**
   * @param newSymbols how many of the frame's symbols no frame had before
   * @param fence `undefined` when this is the only publisher
   */
  private async writeToRedis(frame: Frame, newSymbols: number, fence: number | undefined): Promise<void> {
    if (!this.redis.available) {
      this.counts.framesWithoutRedis += 1;
      this.rewrite = true;
      return;
    }
    const whole = this.rewrite;
    // Whatever asks for it from now on is not met by this frame.
    this.rewrite = false;
    const payload = encodeFrame(frame, this.redis.installation);
    this.metrics?.frame(this.source, frame.ticks.length, payload.length);
    const started = performance.now();
    try {
      const added = await this.redis.run((redis) => {
        const { flushFrame } = redis as unknown as { flushFrame: FlushCommand };
        return flushFrame.call(
          redis,
          keys.liveCache(this.source),
          keys.liveMeta(this.source),
          ...[
            ...[fence ?? '', whole ? '1' : '0', this.redis.channel(keys.ticks(this.source)), payload],
            ...[frame.epoch, frame.sequence, frame.flushedAt, this.latest.size, this.barSequence],
            packFields(hashFields(whole ? [...this.latest.values()] : frame.ticks)),
            frame.clockOffsetMs ?? '',
          ],
        );
      }, FLUSH_DEADLINE_MS);
      if (added === FENCED_OFF) {
        this.refused(frame);
        return;
      }
      this.metrics?.flush(this.source, performance.now() - started);
      this.counts.framesToRedis += 1;
      // A new epoch has begun meanwhile: Redis holds nothing of it yet.
      if (frame.epoch !== this.epoch_) return;
      // More new fields than new symbols: somebody emptied the hash.
      if (!whole && added > newSymbols) this.rewrite = true;
    } catch (error) {
      this.counts.framesWithoutRedis += 1;
      this.rewrite = true;
      this.logger.debug(`frame ${frame.sequence} did not reach Redis: ${(error as Error).message}`);
    }
  }

  private refused(frame: Frame): void {
    this.counts.framesRefused += 1;
    this.rewrite = true;
    this.logger.warn(`frame ${frame.sequence} was refused: another process publishes ${this.source} by now`);
  }
}

function hashFields(ticks: readonly Tick[]): string[] {
  const fields: string[] = [];
  for (const tick of ticks) fields.push(tick.symbol, tickToText(tick));
  return fields;
}

function newEpoch(): string {
  return `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
}
