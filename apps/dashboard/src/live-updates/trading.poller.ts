import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { orderSchema, signalSchema } from '@tickbridge/contracts';
import { RedisConnection } from '@tickbridge/shared-cache';
import { z } from 'zod';
import { Upstream } from '../gateway/upstream';
import { StreamHub } from '../stream/stream.hub';
import { TradingNews } from './trading.news';

/** How often the orchestrator is asked while Redis cannot tell (ms). */
const WITHOUT_REDIS_MS = 1_000;
/** And while it can: announcements may be lost, the durable state is not. */
const WITH_REDIS_MS = 10_000;

/** Asks the orchestrator what happened: the way round Redis, and the safety net beside it. */
@Injectable()
export class TradingPoller implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly upstream: Upstream,
    private readonly redis: RedisConnection,
    private readonly news: TradingNews,
    private readonly hub: StreamHub,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Asks once. */
  async poll(): Promise<void> {
    const [signals, orders] = await Promise.all([
      this.upstream.read('orchestrator', '/api/v1/signals/recent', new URLSearchParams({ count: '50' })),
      this.upstream.read('orchestrator', '/api/v1/orders', new URLSearchParams({ limit: '100' })),
    ]);
    const knownSignals = z.array(signalSchema).safeParse(signals);
    const knownOrders = z.array(orderSchema).safeParse(orders);
    // Oldest first, as they happened.
    for (const signal of (knownSignals.data ?? []).toReversed()) this.news.signal(signal);
    for (const order of (knownOrders.data ?? []).toReversed()) this.news.order(order);
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.turn(), this.redis.available ? WITH_REDIS_MS : WITHOUT_REDIS_MS);
  }

  private async turn(): Promise<void> {
    if (this.hub.clientCount > 0) await this.poll();
    this.schedule();
  }
}
