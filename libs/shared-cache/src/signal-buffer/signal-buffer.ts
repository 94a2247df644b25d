import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit, Optional } from '@nestjs/common';
import { parseJson, type Signal, signalSchema } from '@tickbridge/contracts';
import { merge, Observable, Subject } from 'rxjs';
import { RedisConnection } from '../connection/redis.connection';
import { keys } from '../contract/shared-cache.keys';
import { CACHE_TTL_MS } from '../contract/shared-cache.ttl';
import { SignalArchive } from './signal-archive';
import { selectSignals, type SignalQuery, type SignalStats, summarize } from './signal-query';
import { SignalRing } from './signal-ring';
import { APPEND_SIGNAL, REBUILD_SIGNALS } from './signal.scripts';

/** How many signals the buffer holds. */
export const SIGNAL_CAPACITY = 1_000;
const BULK_DEADLINE_MS = 1_000;
/** How often a writer looks whether Redis still holds what it should (milliseconds). */
const CHECK_INTERVAL_MS = 2_000;
const RECALL_RETRY_MS = 1_000;

/** A signal with its place in the buffer; a subscriber resumes after the last place it has seen. */
export interface BufferedSignal {
  readonly position: string;
  readonly signal: Signal;
}

/**
 * The newest 1,000 signals, in order, each once, shared through a Redis stream.
 *
 * A process that appends also keeps them in memory: memory answers while Redis is away, and refills Redis when it is
 * back or was emptied. With a durable home the memory starts with what earlier runs and other writers have stored.
 */
@Injectable()
export class SignalBuffer implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('SignalBuffer');
  private readonly ring = new SignalRing(SIGNAL_CAPACITY);
  private readonly appended = new Subject<void>();
  private readonly closed = new AbortController();
  private checkTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly redis: RedisConnection,
    @Optional() private readonly archive?: SignalArchive,
  ) {}

  /** Pub/sub knows no database numbers: without the installation another one's signals would wake readers here. */
  private get appendedChannel(): string {
    const { installation } = this.redis;
    return this.redis.channel(
      installation === '' ? keys.signalsAppended : `${keys.signalsAppended}:${installation}`,
    );
  }

  onModuleInit(): void {
    this.redis.subscriptions?.add(this.appendedChannel, () => this.appended.next());
    this.redis.available$.subscribe((available) => {
      if (available) void this.check();
    });
    this.checkTimer = setInterval(() => void this.check(), CHECK_INTERVAL_MS);
    if (this.archive) void this.recall(this.archive);
  }

  onApplicationShutdown(): void {
    clearInterval(this.checkTimer);
    this.closed.abort();
    this.appended.complete();
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
      if (length < this.ring.size) await this.check();
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
    return summarize(selectSignals(await this.all(), { count: SIGNAL_CAPACITY }, Date.now()).reverse());
  }

  /**
   * Signals as they are appended, by any process, in order.
   *
   * Nothing arrives while Redis is away; what was appended meanwhile follows when it is back.
   *
   * @param after position to resume after; without one only new signals arrive. A signal may come twice when Redis
   * had to be refilled in between: recognise it by its id.
   */
  subscribe(after?: string): Observable<BufferedSignal> {
    return new Observable((subscriber) => {
      let position = after;
      let reading: Promise<void> = Promise.resolve();
      const read = async () => {
        position ??= await this.lastPosition();
        for (const buffered of await this.after(position)) {
          position = buffered.position;
          subscriber.next(buffered);
        }
      };
      const next = () => {
        reading = reading
          .then(read)
          .catch((error: Error) => this.logger.debug(`subscriber waits: ${error.message}`));
      };
      const subscription = merge(this.appended, this.redis.available$).subscribe({
        next,
        complete: () => subscriber.complete(),
      });
      return () => subscription.unsubscribe();
    });
  }

  /** Oldest first. */
  private async all(): Promise<Signal[]> {
    if (!this.redis.available) return this.ring.list();
    try {
      const signals = (await this.after('-')).map(({ signal }) => signal);
      return signals.length >= this.ring.size ? signals : this.ring.list();
    } catch (error) {
      this.logger.debug(`answering from memory: ${(error as Error).message}`);
      return this.ring.list();
    }
  }

  private async after(position: string): Promise<BufferedSignal[]> {
    const start = position === '-' ? '-' : `(${position}`;
    const entries = await this.redis.run((redis) => redis.xrange(keys.signals, start, '+'), BULK_DEADLINE_MS);
    return entries.flatMap(([at, fields]) => {
      const signal = readSignal(fields[1]);
      if (!signal) this.redis.rejections.count('signals', 'unreadable');
      return signal ? [{ position: at, signal }] : [];
    });
  }

  private async lastPosition(): Promise<string> {
    const newest = await this.redis.run((redis) => redis.xrevrange(keys.signals, '+', '-', 'COUNT', 1));
    return newest[0]?.[0] ?? '0-0';
  }

  private async send(signal: Signal): Promise<number> {
    const answer = await this.redis.run((redis) =>
      redis.eval(
        APPEND_SIGNAL,
        ...[2, keys.signals, keys.signalIds],
        ...[signal.id, JSON.stringify(signal), SIGNAL_CAPACITY, CACHE_TTL_MS.signals, this.appendedChannel],
      ),
    );
    return Number((answer as [number, number])[1]);
  }

  /** Writes the stream anew when Redis holds less than this process knows: it was away, or was emptied. */
  private async check(): Promise<void> {
    if (this.ring.size === 0 || !this.redis.available) return;
    try {
      const held = await this.redis.run((redis) => redis.xlen(keys.signals));
      if (held >= this.ring.size) return;
      if (this.archive) this.ring.merge(await this.archive.newest(SIGNAL_CAPACITY).catch(() => []));
      const rows = this.ring
        .list()
        .flatMap((signal) => [signal.id, Date.parse(signal.createdAt), JSON.stringify(signal)]);
      await this.redis.run(
        (redis) =>
          redis.eval(
            REBUILD_SIGNALS,
            ...[2, keys.signals, keys.signalIds],
            ...[CACHE_TTL_MS.signals, this.appendedChannel, ...rows],
          ),
        BULK_DEADLINE_MS,
      );
      this.logger.log(`${this.ring.size} signals written to Redis, which held ${held}`);
    } catch (error) {
      this.logger.debug(`Redis not refilled yet: ${(error as Error).message}`);
    }
  }

  /** Starts from the durable home, as soon as that answers. */
  private async recall(archive: SignalArchive): Promise<void> {
    while (!this.closed.signal.aborted) {
      try {
        this.ring.merge(await archive.newest(SIGNAL_CAPACITY));
        await this.check();
        return;
      } catch (error) {
        this.logger.debug(`signals of earlier runs not recalled yet: ${(error as Error).message}`);
        await new Promise((resolve) => setTimeout(resolve, RECALL_RETRY_MS));
      }
    }
  }
}

/** `undefined` when the entry was written by somebody else in another form. */
function readSignal(text: string | undefined): Signal | undefined {
  return text === undefined ? undefined : signalSchema.safeParse(parseJson(text)).data;
}
