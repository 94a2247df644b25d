import type { CacheRecord } from './record';

/** A value on its way to shared memory. */
export interface NewRecord {
  readonly payload: Uint8Array;
  /** Version of the namespace's shape. */
  readonly shape: number;
  readonly ttlMs: number;
  /** How long it may be served stale after its life. */
  readonly graceMs: number;
}

/** Answer to "may I load this key?". */
export type Claim =
  /** A live value is there. */
  | { readonly kind: 'value'; readonly record: CacheRecord }
  /** The caller alone loads, and hands the result in with its token. `record` is the stale value, if any. */
  | { readonly kind: 'granted'; readonly asOf: number; readonly record: CacheRecord | undefined }
  /** Somebody else loads. */
  | { readonly kind: 'busy'; readonly waitMs: number; readonly record: CacheRecord | undefined }
  /** The last load failed; nobody loads for a while. */
  | { readonly kind: 'cooling'; readonly waitMs: number; readonly record: CacheRecord | undefined };

/** What reaches a process about changes made by others. */
export type Invalidation =
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  /** Everything is gone. */
  | { readonly kind: 'flushed' }
  /** Changes may have been missed, or the link changed its state: nothing held is trusted until verified. */
  | { readonly kind: 'distrust' };

/**
 * Shared memory as the cache needs it: single-key steps that happen at once, in an order the server decides.
 *
 * Every operation rejects when the tier is away or does not answer in time; it may then have happened or not.
 */
export interface SharedTier {
  /** Whether there is such a tier at all. */
  readonly configured: boolean;
  /** Whether calls go through at the moment. */
  readonly available: boolean;
  /** Whether changes made by others reach this process. */
  readonly armed: boolean;
  /** Called with changes made by others, and when `available` or `armed` changed. */
  listen(listener: (event: Invalidation) => void): void;
  /** Called each time the tier can be used again. */
  onReturn(listener: () => void): void;
  /** Server milliseconds as this process's steady clock reads. */
  toLocal(serverMs: number): number;
  /** By how much `toLocal` may be wrong at most (milliseconds). */
  readonly clockErrorMs: number;

  get(key: string): Promise<Uint8Array | undefined>;
  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  /** Versions of what these keys hold; 0 for nothing, or nothing of ours. */
  versions(keys: readonly string[]): Promise<number[]>;
  /** @param force also when a live value is there (refresh ahead, or a value this process cannot read) */
  claim(key: string, token: number, leaseMs: number, force: boolean): Promise<Claim>;
  /** Keeps a lease that is still held. @returns whether it was */
  renew(key: string, token: number, leaseMs: number): Promise<boolean>;
  /** Stores what was loaded if the lease is still held. @returns its version, `undefined` when overtaken */
  fill(key: string, token: number, asOf: number, record: NewRecord): Promise<number | undefined>;
  /** Gives a lease up after a failed load; nobody loads for `backoffMs`. */
  release(key: string, token: number, backoffMs: number): Promise<void>;
  /** Stores a value now. @returns its version */
  put(key: string, record: NewRecord): Promise<number>;
  /** Removes a key now. @returns whether a live value was there */
  remove(key: string): Promise<boolean>;
  /** Stores a value written `ageMs` ago unless something newer is known. @returns whether it was stored */
  replayPut(key: string, record: NewRecord, ageMs: number): Promise<boolean>;
  /** Removes a key as of `ageMs` ago unless something newer is there. */
  replayRemove(key: string, ageMs: number): Promise<void>;
  /** Marks of these names (server microseconds); missing ones are made, old enough for what was written `ageMs` ago. */
  watermarks(names: readonly string[], ageMs: number): Promise<number[]>;
  /** Moves a mark to `ageMs` ago: what is older counts as gone. */
  raiseMark(name: string, ageMs: number): Promise<number>;
}
