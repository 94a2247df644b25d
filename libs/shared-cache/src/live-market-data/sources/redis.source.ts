import { Logger } from '@nestjs/common';
import {
  decimalField,
  type FeedName,
  parseJson,
  type Tick,
  tickFromJson,
  tickJsonSchema,
} from '@tickbridge/contracts';
import { z } from 'zod';
import type { RedisConnection } from '../../connection/redis.connection';
import { keys } from '../../contract/shared-cache.keys';
import { decodeFrame, type Snapshot } from '../frame';
import type { LiveSourceListener } from './live-source.listener';

const SNAPSHOT_DEADLINE_MS = 1_000;

/** Frames from the feed's channel and snapshots from its hash. */
export class RedisSource {
  private readonly logger = new Logger('RedisSource');
  private heardAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly redis: RedisConnection,
    private readonly feed: FeedName,
    private readonly listener: LiveSourceListener,
  ) {}

  start(): void {
    this.redis.subscriptions?.add(this.channel, (payload) => {
      const frame = Buffer.isBuffer(payload) ? decodeFrame(payload) : undefined;
      if (!frame) return this.redis.rejections.count('ticks channel', 'unreadable');
      if (frame.installation !== this.redis.installation)
        return this.redis.rejections.count('ticks channel', 'foreign');
      this.heardAt = performance.now();
      this.listener.frame(frame, 'redis');
    });
  }

  stop(): void {
    this.redis.subscriptions?.remove(this.channel);
  }

  private get channel(): string {
    return this.redis.channel(keys.ticks(this.feed));
  }

  /** Milliseconds since the last frame; infinite before the first. */
  silenceMs(): number {
    return performance.now() - this.heardAt;
  }

  /** Reads the hash and delivers it. Does nothing when Redis holds none of this feed or is away. */
  async snapshot(): Promise<void> {
    if (!this.redis.available) return;
    try {
      const snapshot = await this.redis.run((redis) => this.read(redis), SNAPSHOT_DEADLINE_MS);
      if (snapshot) this.listener.snapshot(snapshot, 'redis');
    } catch (error) {
      this.logger.debug(`no snapshot from Redis: ${(error as Error).message}`);
    }
  }

  private async read(
    redis: Parameters<Parameters<RedisConnection['run']>[0]>[0],
  ): Promise<Snapshot | undefined> {
    // One transaction, so ticks and sequence belong together.
    const results = await redis
      .multi()
      .hgetall(keys.liveMeta(this.feed))
      .hgetall(keys.liveCache(this.feed))
      .exec();
    const meta = results?.[0]?.[1] as Record<string, string> | undefined;
    const hash = results?.[1]?.[1] as Record<string, string> | undefined;
    if (!meta?.['epoch'] || !hash) return undefined;
    const head = metaSchema.safeParse(meta);
    if (!head.success) {
      this.redis.rejections.count('live meta', 'unreadable');
      return undefined;
    }
    return { ...head.data, ticks: Object.values(hash).flatMap((text) => this.readTick(text)) };
  }

  /** Nothing when the field was written by somebody else in another form. */
  private readTick(text: string): Tick[] {
    const parsed = tickJsonSchema.safeParse(parseJson(text));
    if (parsed.success) return [tickFromJson(parsed.data)];
    this.redis.rejections.count('live cache', 'unreadable');
    return [];
  }
}

/** Figures of the hash's meta, as text. */
const figure = decimalField.pipe(z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER));
/** Milliseconds either way; empty or missing when it was not known. */
const offset = z
  .string()
  .regex(/^-?\d{1,16}$/)
  .transform(Number)
  .nullable()
  .catch(null);
const metaSchema = z.object({
  epoch: z.string().max(200),
  sequence: figure,
  flushedAt: figure,
  barSequence: figure.default(0),
  clockOffsetMs: offset,
});
