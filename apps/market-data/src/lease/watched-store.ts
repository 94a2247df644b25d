import { Logger } from '@nestjs/common';
import { rootMessage } from '@tickbridge/database';
import type { LeaseStore } from './lease-store';

/** Longest wait for a store (ms): shorter than the pace of renewal. */
const DEADLINE_MS = 800;

/** One store, asked one question at a time, and since when it has answered without a break. */
export class WatchedStore {
  private readonly log = new Logger('FeedLease');
  private asking = false;
  private since: number | null = null;

  constructor(
    private readonly store: LeaseStore,
    private readonly now: () => number,
  ) {}

  get name(): LeaseStore['name'] {
    return this.store.name;
  }

  get durable(): boolean {
    return this.store.durable;
  }

  /** For how long it has answered every question (ms); `null` when it did not answer the last one. */
  answeringForMs(): number | null {
    return this.since === null ? null : this.now() - this.since;
  }

  /** @returns the answer, or `undefined` when there is none in time */
  async ask<T>(question: (store: LeaseStore) => Promise<T>): Promise<T | undefined> {
    // A question that hangs is not joined by more of them.
    if (this.asking) return this.silent('still waiting for an answer');
    this.asking = true;
    const answer = question(this.store).finally(() => (this.asking = false));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
    });
    try {
      const result = await Promise.race([answer, late]);
      this.since ??= this.now();
      return result;
    } catch (error) {
      return this.silent(rootMessage(error));
    } finally {
      clearTimeout(timer);
    }
  }

  private silent(why: string): undefined {
    if (this.since !== null) this.log.warn(`${this.name} cannot be asked for the lease: ${why}`);
    this.since = null;
    return undefined;
  }
}
