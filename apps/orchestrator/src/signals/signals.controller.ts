import { Controller } from '@nestjs/common';
import type { EndpointInput, Signal } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { CacheResponse, type SignalStats } from '@tickbridge/shared-cache';
import { RecentSignals } from './recent-signals';

/** Counting reads every signal of the buffer; watchers share one count (milliseconds). */
const STATS_LAG_MS = 1_000;

@Controller()
export class SignalsController {
  constructor(private readonly signals: RecentSignals) {}

  @Serve('GET /api/v1/signals/recent')
  recent(@Input() { query }: EndpointInput<'GET /api/v1/signals/recent'>): Promise<Signal[]> {
    const { since, ...rest } = query;
    return this.signals.recent({ ...rest, ...(since !== undefined && { since: Date.parse(since) }) });
  }

  @Serve('GET /api/v1/signals/stats')
  @CacheResponse({ ttlMs: STATS_LAG_MS })
  stats(): Promise<SignalStats> {
    return this.signals.stats();
  }
}
