import { Injectable, Logger, type OnModuleInit, Optional } from '@nestjs/common';
import { type Signal, signalSchema } from '@tickbridge/contracts';
import { RedisConnection } from '../connection/redis.connection';
import { keys } from '../shared-cache.keys';
import { CACHE_TTL_MS } from '../shared-cache.ttl';
import { APPEND_SIGNAL } from './append.script';
import { SignalArchive } from './signal-archive';
import { selectSignals, type SignalQuery, type SignalStats, summarize } from './signal-query';
import { SignalRing } from './signal-ring';

/** How many signals the buffer holds. */
export const SIGNAL_CAPACITY = 1_000;
const READ_DEADLINE_MS = 500;

/**
 * The newest 1,000 signals, in order, each once, shared through a Redis stream.
 *
 * What this process appended is also kept in memory: it answers while Redis is away, and refills Redis when Redis
 * is back or was emptied.
 */
@Injectable()
export class SignalBuffer implements OnModuleInit {
  private readonly logger = new Logger('SignalBuffer');
  private readonly ring = new SignalRing(SIGNAL_CAPACITY);

  constructor(
    private readonly redis: RedisConnection,
    @Optional() private readonly archive?: SignalArchive,
  ) {}

  onModuleInit(): void {
    this.redis.available$.subscribe((available) => {
      if (available) void this.refill();
    });
    if (this.archive) void this.recall(this.archive);
  }

  /**
   * Appends a signal.
   *
   * @returns false when this process has appended a signal of that id before
   */
  async append(signal: Signal): Promise<boolean> {
    if (!this.ring.append(signal)) return false;
    if (!this.redis.available) return true;
    try {
      const length = await this.send(signal);
      // Somebody emptied the stream: what it held before is still here.
      if (length < this.ring.size) await this.refill();
    } catch (error) {
      this.logger.debug(`signal kept in memory until Redis is back: ${(error as Error).message}`);
    }
    return true;
  }

  /** Matching signals, newest first. */
  async recent(query: SignalQuery = {}): Promise<Signal[]> {
    return selectSignals(await this.all(), query, Date.now());
  }

  /** Counts over everything in the buffer. */
  async stats(): Promise<SignalStats> {
    return summarize(
      (await this.all()).filter(
        ({ createdAt }) => Date.parse(createdAt) >= Date.now() - CACHE_TTL_MS.signals,
      ),
    );
  }

  /** Oldest first. */
  private async all(): Promise<Signal[]> {
    if (!this.redis.available) return this.ring.list();
    try {
      const entries = await this.redis.run((redis) => redis.xrange(keys.signals, '-', '+'), READ_DEADLINE_MS);
      const signals = entries.flatMap(([, fields]) => readSignal(fields[1]));
      return signals.length >= this.ring.size ? signals : this.ring.list();
    } catch (error) {
      this.logger.debug(`answering from memory: ${(error as Error).message}`);
      return this.ring.list();
    }
  }

  private async send(signal: Signal): Promise<number> {
    const answer = await this.redis.run((redis) =>
      redis.eval(
        APPEND_SIGNAL,
        ...[2, keys.signals, keys.signalIds],
        ...[signal.id, JSON.stringify(signal), SIGNAL_CAPACITY, CACHE_TTL_MS.signals],
      ),
    );
    return Number((answer as [number, number])[1]);
  }

  /** Appends to Redis what only memory holds; known signals are recognised there. */
  private async refill(): Promise<void> {
    try {
      for (const signal of this.ring.list()) await this.send(signal);
    } catch (error) {
      this.logger.debug(`refill interrupted: ${(error as Error).message}`);
    }
  }

  /** Starts from the durable home, so a restart or an emptied Redis loses no signal. */
  private async recall(archive: SignalArchive): Promise<void> {
    try {
      for (const signal of await archive.newest(SIGNAL_CAPACITY)) this.ring.append(signal);
      await this.refill();
    } catch (error) {
      this.logger.warn(`signals of earlier runs not recalled: ${(error as Error).message}`);
    }
  }
}

/** Nothing when the entry was written by somebody else in another form. */
function readSignal(text: string | undefined): Signal[] {
  if (text === undefined) return [];
  try {
    const parsed = signalSchema.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
