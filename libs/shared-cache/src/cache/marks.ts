import { keys } from '../shared-cache.keys';
import type { SharedTier } from './shared-tier';

/** Most marks kept in memory; tags may be many. */
const MAX_MARKS = 10_000;

/**
 * Marks: from when on a namespace's or a tag's entries count. What is not newer than its marks was cleared.
 *
 * A mark Redis lost is made anew as of now, so that losing one costs misses and never resurrects a value.
 */
export class Marks {
  private readonly known = new Map<string, number>();
  /** Survives `forget`: tells whether a mark moved. */
  private readonly lastSeen = new Map<string, number>();

  constructor(private readonly tier: SharedTier) {}

  /** Whether a value as of `asOf` (server microseconds) still counts, once its marks are known. */
  async allow(namespace: string, tags: readonly string[], asOf: number): Promise<boolean> {
    const names = markNames(namespace, tags);
    const unknown = names.filter((name) => !this.known.has(name));
    const fetched = unknown.length === 0 ? [] : await this.fetch(unknown, 0);
    return names.every((name) => (this.known.get(name) ?? fetched[unknown.indexOf(name)] ?? Infinity) < asOf);
  }

  /** Makes sure that what is written from `ageMs` ago on counts. */
  async ensure(namespace: string, tags: readonly string[], ageMs = 0): Promise<void> {
    const unknown = markNames(namespace, tags).filter((name) => !this.known.has(name));
    if (unknown.length > 0) await this.fetch(unknown, ageMs);
  }

  /**
   * Word came that a mark changed; making it oneself is reported as well.
   *
   * @returns whether it is another than this process knew
   */
  async moved(name: string): Promise<boolean> {
    this.known.delete(name);
    try {
      const [before, [now]] = [this.lastSeen.get(name), await this.fetch([name], 0)];
      // Asked for in the same order: what an earlier question found is known by now.
      return (before ?? this.lastSeen.get(name)) !== now;
    } catch {
      return true;
    }
  }

  forget(name: string): void {
    this.known.delete(name);
  }

  forgetAll(): void {
    this.known.clear();
  }

  private async fetch(names: readonly string[], ageMs: number): Promise<number[]> {
    const fetched = await this.tier.marks(names, ageMs);
    if (this.lastSeen.size > MAX_MARKS) this.lastSeen.clear();
    names.forEach((name, at) => this.lastSeen.set(name, fetched[at] ?? Infinity));
    // Kept only while changes of them are heard of.
    if (this.tier.armed) {
      if (this.known.size > MAX_MARKS) this.known.clear();
      names.forEach((name, at) => this.known.set(name, fetched[at] ?? Infinity));
    }
    return fetched;
  }
}

function markNames(namespace: string, tags: readonly string[]): string[] {
  return [keys.cacheClearMark(namespace), ...tags.map((tag) => keys.cacheTagMark(namespace, tag))];
}
