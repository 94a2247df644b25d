import type { CacheEvents } from '../cache/cache.events';
import type { CacheEngine } from '../cache/cache.engine';
import type { MemoryEntry } from '../cache/memory.tier';
import { keys } from '../contract/shared-cache.keys';

const SAMPLE = 32;

/** Outcome of looking at a few entries of memory. */
export interface SelfCheckResult {
  readonly checked: number;
  /** How old the newer version was that memory did not have (milliseconds), per entry that was behind. */
  readonly staleMs: readonly number[];
  /** Of these, how many stayed behind although word must have come by then. */
  readonly violations: number;
}

/** Long enough for word of a change to arrive (milliseconds). */
const WORD_TAKES_MS = 250;

/**
 * Looks whether what memory serves is what shared memory holds, on a sample of random entries.
 *
 * An entry that is behind and still there a moment later is a violation: it is told, and dropped.
 */
export class SelfCheck {
  constructor(
    private readonly engine: CacheEngine,
    private readonly events: CacheEvents,
  ) {}

  /** @throws when shared memory does not answer */
  async run(): Promise<SelfCheckResult> {
    const { engine } = this;
    const sample = engine.memory.sample(SAMPLE).filter(({ entry }) => isChecked(entry, engine));
    const behind = await this.behind(sample);
    const staleMs = behind.map(({ version }) => this.ageOf(version));
    if (behind.length === 0) return { checked: sample.length, staleMs, violations: 0 };
    await new Promise<void>((resolve) => engine.clock.after(WORD_TAKES_MS, resolve));
    const held = behind.filter(({ namespace, key, entry }) => engine.memory.get(namespace, key) === entry);
    // The change may be of just now again.
    const violations = (await this.behind(held)).filter(({ version }) => this.ageOf(version) > WORD_TAKES_MS);
    for (const { namespace, key, entry } of violations) {
      this.events.emit({ kind: 'violation', namespace, key });
      engine.invalidations.drop(keys.cacheEntry(namespace, key), entry);
    }
    return { checked: sample.length, staleMs, violations: violations.length };
  }

  private async behind<S extends { namespace: string; key: string; entry: MemoryEntry }>(
    sample: readonly S[],
  ): Promise<(S & { version: number })[]> {
    if (sample.length === 0) return [];
    const ids = sample.map(({ namespace, key }) => keys.cacheEntry(namespace, key));
    const versions = await this.engine.tier.versions(ids);
    return sample
      .map((each, at) => ({ ...each, version: versions[at] ?? 0 }))
      .filter(({ entry, version }) => version !== entry.version);
  }

  /** Milliseconds since a version was written; for one that is gone nobody knows. */
  private ageOf(version: number): number {
    if (version === 0) return Infinity;
    return Math.max(0, this.engine.clock.now() - this.engine.tier.toLocal(version / 1_000));
  }
}

/** Known to shared memory, trusted here, and not about to end: an end is nobody's change. */
function isChecked(entry: MemoryEntry, { invalidations, clock, tier }: CacheEngine): boolean {
  const endsLater = entry.freshUntilMs > clock.now() + 2 * WORD_TAKES_MS;
  return tier.armed && entry.version > 0 && endsLater && invalidations.trusts(entry);
}
