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
  /** Counts word of changes: what was asked for before word came may be the mark of before. */
  private changes = 0;

  /** @param owedSince when this process cleared what shared memory does not know to be cleared (steady ms) */
  constructor(
    private readonly tier: SharedTier,
    private readonly owedSince: (name: string) => number | undefined,
  ) {}

  /** Whether a value as of `asOf` (server microseconds) still counts; `undefined` while a mark is not known. */
  allowNow(namespace: string, tags: readonly string[], asOf: number): boolean | undefined {
    if (!this.allowsOne(keys.cacheClearMark(namespace), asOf)) {
      return this.known.has(keys.cacheClearMark(namespace)) ? false : undefined;
    }
    for (const tag of tags) {
      const name = keys.cacheTagMark(namespace, tag);
      if (!this.allowsOne(name, asOf)) return this.known.has(name) ? false : undefined;
    }
    return true;
  }

  /** Like `allowNow`, and asks for what is not known. */
  async allow(namespace: string, tags: readonly string[], asOf: number): Promise<boolean> {
    const names = markNames(namespace, tags);
    const found = await this.fetch(names);
    return names.every((name, at) => (found[at] ?? Infinity) < asOf && !this.clearedHere(name, asOf));
  }

  /** Makes sure that what is written from `ageMs` ago on counts. */
  async ensure(namespace: string, tags: readonly string[], ageMs = 0): Promise<void> {
    const name = keys.cacheClearMark(namespace);
    if (tags.length === 0 && this.known.has(name)) return;
    const unknown = markNames(namespace, tags).filter((each) => !this.known.has(each));
    if (unknown.length === 0) return;
    const { changes } = this;
    const made = await this.tier.marks(unknown, ageMs);
    if (changes === this.changes) this.keep(unknown, made);
  }

  /** Word came that a mark changed. @returns where it is now (server microseconds) */
  async moved(name: string): Promise<number> {
    this.forget(name);
    const [mark] = await this.fetch([name]);
    return mark ?? Infinity;
  }

  forget(name: string): void {
    this.known.delete(name);
    this.changes += 1;
  }

  forgetAll(): void {
    this.known.clear();
    this.changes += 1;
  }

  private allowsOne(name: string, asOf: number): boolean {
    const mark = this.known.get(name);
    return mark !== undefined && mark < asOf && !this.clearedHere(name, asOf);
  }

  /** Cleared by this process, which shared memory does not know yet. */
  private clearedHere(name: string, asOf: number): boolean {
    const sinceMs = this.owedSince(name);
    return sinceMs !== undefined && this.tier.toLocal(asOf / 1_000) <= sinceMs + this.tier.clockErrorMs;
  }

  private async fetch(names: readonly string[]): Promise<number[]> {
    for (;;) {
      const unknown = names.filter((name) => !this.known.has(name));
      const { changes } = this;
      const fetched = unknown.length === 0 ? [] : await this.tier.marks(unknown, 0);
      // Word that came meanwhile may be of exactly these.
      if (changes !== this.changes && this.tier.available) continue;
      const found = names.map((name) => this.known.get(name) ?? fetched[unknown.indexOf(name)] ?? Infinity);
      this.keep(unknown, fetched);
      return found;
    }
  }

  private keep(names: readonly string[], marks: readonly number[]): void {
    // Only while changes of them are heard of.
    if (!this.tier.armed) return;
    if (this.known.size > MAX_MARKS) this.known.clear();
    names.forEach((name, at) => this.known.set(name, marks[at] ?? Infinity));
  }
}

function markNames(namespace: string, tags: readonly string[]): string[] {
  return [keys.cacheClearMark(namespace), ...tags.map((tag) => keys.cacheTagMark(namespace, tag))];
}
