import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type TierName = 'l1' | 'l2' | 'l3';
export type ReadOutcome = 'hit' | 'miss' | 'error' | 'unreadable';

/** What a namespace counted; one object per namespace, so that a hit costs an addition. */
interface NamespaceCounts {
  readonly reads: Record<TierName, Record<ReadOutcome, number>>;
  readonly loads: Record<'ok' | 'failed', number>;
  stale: number;
}

/** Sizes that are read when somebody asks. */
export interface CacheSizes {
  entries(): number;
  bytes(): number;
  evicted(): number;
  owed(): number;
}

/** What the cache counts, for `CacheService.stats()` and, where a registry is given, for Prometheus. */
export class CacheCounters {
  leaseWaits = 0;
  private readonly byNamespace = new Map<string, NamespaceCounts>();
  private loadSeconds: Histogram | undefined;

  read(namespace: string, tier: TierName, outcome: ReadOutcome): void {
    this.of(namespace).reads[tier][outcome] += 1;
  }

  load(namespace: string, outcome: 'ok' | 'failed', durationMs: number): void {
    this.of(namespace).loads[outcome] += 1;
    this.loadSeconds?.observe({ namespace }, durationMs / 1_000);
  }

  /** A stale value was served. */
  stale(namespace: string): void {
    this.of(namespace).stale += 1;
  }

  /** Sum over all namespaces. */
  reads(tier: TierName, ...outcomes: ReadOutcome[]): number {
    let sum = 0;
    for (const counts of this.byNamespace.values()) {
      for (const outcome of outcomes) sum += counts.reads[tier][outcome];
    }
    return sum;
  }

  get loads(): number {
    let sum = 0;
    for (const { loads } of this.byNamespace.values()) sum += loads.ok + loads.failed;
    return sum;
  }

  /** Offers everything to Prometheus; figures are gathered when it asks. */
  publish(registry: Registry, sizes: CacheSizes): void {
    const registers = [registry];
    this.counter(
      registry,
      'cache_reads_total',
      'Cache reads by namespace, tier and outcome (hit, miss, error, unreadable)',
      ['namespace', 'tier', 'outcome'],
      (add) => {
        for (const [namespace, { reads }] of this.byNamespace) {
          for (const tier of ['l1', 'l2', 'l3'] as const) {
            for (const [outcome, count] of Object.entries(reads[tier]))
              add({ namespace, tier, outcome }, count);
          }
        }
      },
    );
    this.counter(
      registry,
      'cache_loads_total',
      'Loader runs by namespace and outcome',
      ['namespace', 'outcome'],
      (add) => {
        for (const [namespace, { loads }] of this.byNamespace) {
          for (const [outcome, count] of Object.entries(loads)) add({ namespace, outcome }, count);
        }
      },
    );
    this.counter(
      registry,
      'cache_stale_total',
      'Stale values served within their grace',
      ['namespace'],
      (add) => {
        for (const [namespace, { stale }] of this.byNamespace) add({ namespace }, stale);
      },
    );
    this.counter(registry, 'cache_lease_waits_total', 'Waits for a load of another process', [], (add) =>
      add({}, this.leaseWaits),
    );
    this.counter(
      registry,
      'cache_evictions_total',
      'L1 entries that left before their life ended',
      [],
      (add) => add({}, sizes.evicted()),
    );
    this.loadSeconds = new Histogram({
      name: 'cache_load_seconds',
      help: 'Duration of loader runs',
      labelNames: ['namespace'],
      registers,
    });
    this.gauge(registry, 'cache_l1_entries', 'Entries in L1', sizes.entries);
    this.gauge(registry, 'cache_l1_bytes', 'Bytes of values in L1, as encoded', sizes.bytes);
    this.gauge(registry, 'cache_owed_writes', 'Writes Redis has not taken yet', sizes.owed);
  }

  private counter(
    registry: Registry,
    name: string,
    help: string,
    labelNames: string[],
    gather: (add: (labels: Record<string, string>, count: number) => void) => void,
  ): void {
    new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        gather((labels, count) => this.inc(labels, count));
      },
    });
  }

  private gauge(registry: Registry, name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }

  private of(namespace: string): NamespaceCounts {
    let counts = this.byNamespace.get(namespace);
    if (counts === undefined) this.byNamespace.set(namespace, (counts = noCounts()));
    return counts;
  }
}

function noCounts(): NamespaceCounts {
  const reads = () => ({ hit: 0, miss: 0, error: 0, unreadable: 0 });
  return { reads: { l1: reads(), l2: reads(), l3: reads() }, loads: { ok: 0, failed: 0 }, stale: 0 };
}
