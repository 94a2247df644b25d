import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Subject } from 'rxjs';
import { RedisConnection } from '../connection/redis.connection';
import { keys } from '../contract/shared-cache.keys';
import type { Invalidation } from './shared-tier';

/** Channel on which a Redis server reports changed keys to the connection that tracking is redirected to. */
const INVALIDATIONS = '__redis__:invalidate';
const REARM_DELAY_MS = 200;

/**
 * Tells when another process changed a cached key, foreign clients and FLUSHALL included.
 *
 * Redis itself reports each change (client tracking in broadcast mode): the subscriber connection receives,
 * the command connection asks for it. It is asked anew after every reconnect of either; until then nothing held
 * in memory may be trusted.
 */
@Injectable()
export class Coherence implements OnModuleInit {
  /** Changes made by others, and moments after which what is held must be verified. */
  readonly invalidated$ = new Subject<Invalidation>();
  private readonly logger = new Logger('Coherence');
  private armedFor: string | undefined;
  private arming = false;

  constructor(private readonly redis: RedisConnection) {}

  /** Whether changes made by others reach this process. While Redis is up and this is false, memory may be wrong. */
  get armed(): boolean {
    return this.armedFor !== undefined;
  }

  onModuleInit(): void {
    const { subscriptions } = this.redis;
    if (!subscriptions) return;
    subscriptions.add(INVALIDATIONS, (payload) => {
      if (payload === null) this.invalidated$.next({ kind: 'flushed' });
      else {
        const { keyPrefix } = this.redis;
        const changed = (Array.isArray(payload) ? payload : [payload]).map((key) =>
          String(key).slice(keyPrefix.length),
        );
        this.invalidated$.next({ kind: 'keys', keys: changed });
      }
    });
    subscriptions.link$.subscribe((id) => (id === undefined ? this.disarm() : void this.arm(id)));
    this.redis.available$.subscribe((available) => {
      const id = subscriptions.link$.value;
      if (!available) this.disarm();
      else if (id !== undefined) void this.arm(id);
    });
  }

  private disarm(): void {
    if (this.armedFor === undefined) return;
    this.armedFor = undefined;
    this.invalidated$.next({ kind: 'distrust' });
  }

  private async arm(id: string): Promise<void> {
    // One at a time: tracking asked for twice on a connection is refused.
    if (this.armedFor === id || this.arming || !this.redis.available) return;
    this.arming = true;
    try {
      await this.redis.run(async (redis) => {
        await redis.call('CLIENT', 'TRACKING', 'OFF');
        await redis.call(
          'CLIENT',
          ...['TRACKING', 'ON', 'REDIRECT', id],
          ...['BCAST', 'PREFIX', this.redis.keyPrefix + keys.cachePrefix, 'NOLOOP'],
        );
      }, 500);
      this.armedFor = id;
      // What changed between the old link and this one was not reported.
      this.invalidated$.next({ kind: 'distrust' });
    } catch (error) {
      this.logger.debug(`invalidations not armed yet: ${(error as Error).message}`);
      setTimeout(() => {
        const current = this.redis.subscriptions?.link$.value;
        if (current !== undefined) void this.arm(current);
      }, REARM_DELAY_MS).unref();
    } finally {
      this.arming = false;
    }
    // The link may have changed meanwhile.
    const current = this.redis.subscriptions?.link$.value;
    if (this.armedFor !== undefined && current !== this.armedFor) this.disarm();
    if (this.armedFor === undefined && current !== undefined && current !== id) await this.arm(current);
  }
}
