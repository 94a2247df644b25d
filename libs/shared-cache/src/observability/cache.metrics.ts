import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { CacheEngine } from '../cache/cache.engine';
import { CacheWarmUp } from '../cache/cache-warm-up';
import { MemcachedConnection } from '../connection/memcached.connection';
import { RedisConnection } from '../connection/redis.connection';
import { SharedCacheSettings } from '../contract/shared-cache.options';
import { SelfCheck } from './self-check';

const SELF_CHECK_INTERVAL_MS = 10_000;
const SECONDS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];
const LOAD_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30];
const STALENESS_SECONDS = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5, 30];

type Labels = Record<string, string>;
type Gather = (tell: (labels: Labels, figure: number) => void) => void;

/**
 * The cache's figures for Prometheus, by namespace and tier, and the regular look whether memory tells the truth.
 *
 * Counts are gathered when Prometheus asks; nothing here costs a hit anything.
 */
@Injectable()
export class CacheMetrics implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Cache');
  private readonly registry: Registry | undefined;
  private readonly selfCheckIntervalMs: number;
  private readonly selfCheck: SelfCheck;
  private timer: NodeJS.Timeout | undefined;
  private staleness: Histogram | undefined;
  private checked = 0;
  private violations = 0;

  constructor(
    settings: SharedCacheSettings,
    private readonly engine: CacheEngine,
    private readonly redis: RedisConnection,
    private readonly memcached: MemcachedConnection,
    private readonly warmUp: CacheWarmUp,
  ) {
    this.registry = settings.value.metrics;
    this.selfCheckIntervalMs = settings.value.selfCheckIntervalMs ?? SELF_CHECK_INTERVAL_MS;
    this.selfCheck = new SelfCheck(engine, engine.events);
  }

  onModuleInit(): void {
    if (this.registry) this.register(this.registry);
    this.timer = setInterval(() => void this.check(), this.selfCheckIntervalMs);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async check(): Promise<void> {
    if (!this.redis.available) return;
    try {
      const { checked, staleMs, violations } = await this.selfCheck.run();
      this.checked += checked;
      this.violations += violations;
      for (const ms of staleMs) this.staleness?.observe(ms / 1_000);
      for (let at = staleMs.length; at < checked; at += 1) this.staleness?.observe(0);
      if (violations > 0) this.logger.error(`${violations} of ${checked} entries in memory were wrong`);
    } catch (error) {
      this.logger.debug(`memory not checked: ${(error as Error).message}`);
    }
  }

  private register(registry: Registry): void {
    this.registerReads(registry);
    this.registerMemory(registry);
    this.registerShared(registry);
  }

  private registerReads(registry: Registry): void {
    const { counters } = this.engine;
    const reads = ['namespace', 'tier', 'outcome'];
    count(registry, 'cache_reads_total', 'Reads by outcome: hit, miss, error, unreadable', reads, (tell) => {
      for (const [namespace, counts] of counters.namespaces) {
        for (const [tier, outcomes] of Object.entries(counts.reads)) {
          for (const [outcome, figure] of Object.entries(outcomes))
            tell({ namespace, tier, outcome }, figure);
        }
      }
    });
    count(registry, 'cache_loads_total', 'Loader runs', ['namespace', 'outcome'], (tell) => {
      for (const [namespace, { loads }] of counters.namespaces) {
        for (const [outcome, figure] of Object.entries(loads)) tell({ namespace, outcome }, figure);
      }
    });
    count(registry, 'cache_stale_total', 'Values served stale within their grace', ['namespace'], (tell) => {
      for (const [namespace, { stale }] of counters.namespaces) tell({ namespace }, stale);
    });
    const loadSeconds = histogram(registry, 'cache_load_seconds', 'Duration of loads', LOAD_SECONDS, [
      'namespace',
    ]);
    const readSeconds = histogram(registry, 'cache_read_seconds', 'Duration of one read in eight', SECONDS, [
      'namespace',
      'tier',
    ]);
    counters.onLoad = (namespace, ms) => loadSeconds.observe({ namespace }, ms / 1_000);
    counters.onRead = (namespace, tier, ms) => readSeconds.observe({ namespace, tier }, ms / 1_000);
  }

  private registerMemory(registry: Registry): void {
    const { memory } = this.engine;
    gauge(registry, 'cache_l1_entries', 'Entries in memory', ['namespace'], (tell) => {
      for (const [namespace, { entries }] of memory.use) tell({ namespace }, entries);
    });
    gauge(registry, 'cache_l1_bytes', 'Bytes of values in memory, as encoded', ['namespace'], (tell) => {
      for (const [namespace, { bytes }] of memory.use) tell({ namespace }, bytes);
    });
    const evicted = 'Entries that left memory before their life ended';
    count(registry, 'cache_evictions_total', evicted, ['namespace'], (tell) => {
      for (const [namespace, use] of memory.use) tell({ namespace }, use.evicted);
    });
    const stale = 'How far sampled entries of memory were behind Redis; 0 for those that were not';
    this.staleness = histogram(registry, 'cache_staleness_seconds', stale, STALENESS_SECONDS, []);
    count(registry, 'cache_self_checked_total', 'Entries of memory compared with Redis', [], (tell) =>
      tell({}, this.checked),
    );
    const wrong = 'Sampled entries that stayed behind Redis after word must have come; each is a defect';
    count(registry, 'cache_coherence_violations_total', wrong, [], (tell) => tell({}, this.violations));
    gauge(registry, 'cache_warm_up_keys', 'Keys of the warm-up', ['namespace', 'state'], (tell) => {
      for (const { namespace, keys = 0, done, failed } of this.warmUp.progress) {
        tell({ namespace, state: 'done' }, done);
        tell({ namespace, state: 'failed' }, failed);
        tell({ namespace, state: 'waiting' }, keys - done - failed);
      }
    });
  }

  private registerShared(registry: Registry): void {
    const { engine, redis, memcached } = this;
    count(registry, 'cache_lease_waits_total', 'Waits for a load of another process', [], (tell) =>
      tell({}, engine.counters.leaseWaits),
    );
    gauge(registry, 'cache_owed_writes', 'Writes and deletions Redis has not taken yet', [], (tell) =>
      tell({}, engine.pendingWrites.size),
    );
    const dropped = 'Owed writes that were given up because there were too many';
    count(registry, 'cache_owed_dropped_total', dropped, [], (tell) =>
      tell({}, engine.pendingWrites.dropped),
    );
    const open = '1 while calls are kept away from a tier that does not answer';
    gauge(registry, 'cache_breaker_open', open, ['tier'], (tell) => {
      if (redis.configured) tell({ tier: 'l3' }, redis.available ? 0 : 1);
      if (memcached.configured) tell({ tier: 'l2' }, memcached.available ? 0 : 1);
    });
  }
}

function count(registry: Registry, name: string, help: string, labelNames: string[], gather: Gather): void {
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      gather((labels, figure) => this.inc(labels, figure));
    },
  });
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[], gather: Gather): void {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      gather((labels, figure) => this.set(labels, figure));
    },
  });
}

function histogram(
  registry: Registry,
  name: string,
  help: string,
  buckets: number[],
  labelNames: string[],
): Histogram {
  return new Histogram({ name, help, buckets, labelNames, registers: [registry] });
}
