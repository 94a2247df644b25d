import { Counter, type Registry } from 'prom-client';

export type TierName = 'l1' | 'l3';

/** What the cache counts, for `CacheService.stats()` and, where a registry is given, for Prometheus. */
export class CacheCounters {
  readonly hits: Record<TierName, number> = { l1: 0, l3: 0 };
  readonly misses: Record<TierName, number> = { l1: 0, l3: 0 };
  readonly errors: Record<TierName, number> = { l1: 0, l3: 0 };
  loads = 0;
  private readonly reads: Counter | undefined;
  private readonly loadCounter: Counter | undefined;

  constructor(registry: Registry | undefined) {
    if (!registry) return;
    this.reads = new Counter({
      name: 'cache_reads_total',
      help: 'Cache reads by namespace, tier and outcome (hit, miss, error, unreadable)',
      labelNames: ['namespace', 'tier', 'outcome'],
      registers: [registry],
    });
    this.loadCounter = new Counter({
      name: 'cache_loads_total',
      help: 'Loader runs by namespace and outcome',
      labelNames: ['namespace', 'outcome'],
      registers: [registry],
    });
  }

  read(namespace: string, tier: TierName, outcome: 'hit' | 'miss' | 'error' | 'unreadable'): void {
    if (outcome === 'hit') this.hits[tier] += 1;
    else if (outcome === 'error') this.errors[tier] += 1;
    else this.misses[tier] += 1;
    this.reads?.inc({ namespace, tier, outcome });
  }

  load(namespace: string, outcome: 'ok' | 'failed'): void {
    this.loads += 1;
    this.loadCounter?.inc({ namespace, outcome });
  }
}
