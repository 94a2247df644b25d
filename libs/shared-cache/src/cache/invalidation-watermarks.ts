import { keys } from '../contract/shared-cache.keys';
import type { SharedTier } from './shared-tier';

/** Most watermarks kept in memory; tags may be many. */
const MAX_WATERMARKS = 10_000;

interface Question {
  readonly names: readonly string[];
  outdated: boolean;
}

/**
 * From when on a namespace's or a tag's entries count. What is not newer than its watermarks was cleared.
 *
 * A mark Redis lost is made anew as of now, so that losing one costs misses and never resurrects a value.
 */
export class InvalidationWatermarks {
  private readonly known = new Map<string, number>();
  /** Questions under way; what was asked for before word of a change came may be the mark of before. */
  private readonly questions = new Set<Question>();

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
    await this.ask(unknown, ageMs);
  }

  /** Word came that a mark changed. @returns where it is now (server microseconds) */
  async moved(name: string): Promise<number> {
    this.forget(name);
    const [mark] = await this.fetch([name]);
    return mark ?? Infinity;
  }

  forget(name: string): void {
    this.known.delete(name);
    for (const question of this.questions) if (question.names.includes(name)) question.outdated = true;
  }

  forgetAll(): void {
    this.known.clear();
    for (const question of this.questions) question.outdated = true;
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
      const fetched = unknown.length === 0 ? [] : await this.ask(unknown, 0);
      if (fetched === undefined) continue;
      return names.map((name) => this.known.get(name) ?? fetched[unknown.indexOf(name)] ?? Infinity);
    }
  }

  /** @returns `undefined` when word came meanwhile that one of them changed */
  private async ask(names: readonly string[], ageMs: number): Promise<number[] | undefined> {
    const question: Question = { names, outdated: false };
    this.questions.add(question);
    try {
      const watermarks = await this.tier.watermarks(names, ageMs);
      if (question.outdated && this.tier.available) return undefined;
      this.keep(names, watermarks);
      return watermarks;
    } finally {
      this.questions.delete(question);
    }
  }

  private keep(names: readonly string[], watermarks: readonly number[]): void {
    // Only while changes of them are heard of.
    if (!this.tier.armed) return;
    if (this.known.size > MAX_WATERMARKS) this.known.clear();
    names.forEach((name, at) => this.known.set(name, watermarks[at] ?? Infinity));
  }
}

function markNames(namespace: string, tags: readonly string[]): string[] {
  return [keys.cacheClearMark(namespace), ...tags.map((tag) => keys.cacheTagMark(namespace, tag))];
}
