export type TierName = 'l1' | 'l2' | 'l3';
export type ReadOutcome = 'hit' | 'miss' | 'error' | 'unreadable';

/** Timing a read costs more than counting it. */
const TIMED_EACH = 8;

/** What a namespace counted; one object per namespace, so that a hit costs an addition. */
export interface NamespaceCounts {
  readonly reads: Record<TierName, Record<ReadOutcome, number>>;
  readonly loads: Record<'ok' | 'failed', number>;
  stale: number;
}

/** What the cache counts. */
export class CacheCounters {
  leaseWaits = 0;
  private readonly byNamespace = new Map<string, NamespaceCounts>();
  /** Told how long loads and some of the reads took (milliseconds), where anybody measures. */
  onLoad: ((namespace: string, durationMs: number) => void) | undefined;
  onRead: ((namespace: string, tier: TierName, durationMs: number) => void) | undefined;
  private untimed = 0;

  read(namespace: string, tier: TierName, outcome: ReadOutcome): void {
    this.of(namespace).reads[tier][outcome] += 1;
  }

  load(namespace: string, outcome: 'ok' | 'failed', durationMs: number): void {
    this.of(namespace).loads[outcome] += 1;
    this.onLoad?.(namespace, durationMs);
  }

  /** How long a tier took; one in eight is told. */
  took(namespace: string, tier: TierName, durationMs: number): void {
    if (this.onRead === undefined || (this.untimed = (this.untimed + 1) % TIMED_EACH) !== 0) return;
    this.onRead(namespace, tier, durationMs);
  }

  /** A stale value was served. */
  stale(namespace: string): void {
    this.of(namespace).stale += 1;
  }

  get namespaces(): ReadonlyMap<string, NamespaceCounts> {
    return this.byNamespace;
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
