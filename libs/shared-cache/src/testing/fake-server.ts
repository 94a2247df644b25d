import { type CacheRecord, HAS_VALUE, HEAD_BYTES, MAGIC, readRecord } from '../cache/record';
import { DELETION_REMEMBERED_MS } from '../cache/redis.scripts';
import type { Claim, NewRecord } from '../cache/shared-tier';
import { keys } from '../contract/shared-cache.keys';
import type { VirtualTime } from './virtual-time';

/** Server milliseconds when a test begins. */
export const SERVER_EPOCH_MS = 1_000_000;

/** What a server tells whoever tracks it; `step` numbers the server's changes. */
export type Word =
  | { readonly kind: 'key'; readonly key: string; readonly step: number }
  | { readonly kind: 'flushed'; readonly step: number };

export type ServerOperation =
  | 'claim'
  | 'renew'
  | 'fill'
  | 'release'
  | 'put'
  | 'remove'
  | 'replayPut'
  | 'replayRemove'
  | 'mark'
  | 'foreign'
  | 'expired'
  | 'flushed';

/** A change of a key, as it happens on the server. */
export interface ServerChange {
  readonly operation: ServerOperation;
  readonly key: string;
  readonly step: number;
  /** When whoever made it wanted it (virtual milliseconds). */
  readonly wantedAtMs: number;
  /** What the key holds now; `undefined` for none, or bytes of no process of ours. */
  readonly record: CacheRecord | undefined;
}

type Head = Omit<CacheRecord, 'payload'>;

interface Held {
  readonly bytes: Uint8Array;
  readonly expiresAtMs: number;
}

/** A server in memory that takes the same steps as the Lua scripts of `RedisTier`, in virtual time. */
export class FakeServer {
  /** Number of changes so far. */
  step = 0;
  /** When a process wanted what is done right now (virtual milliseconds). */
  wantedAtMs: number | undefined;
  observe: ((change: ServerChange) => void) | undefined;
  readonly trackers = new Set<(word: Word) => void>();
  private readonly data = new Map<string, Held>();
  private readonly numbers = new Map<string, number>();
  private lastUs = 0;

  constructor(readonly time: VirtualTime) {}

  /** What a key holds, without any effect. */
  look(key: string): CacheRecord | undefined {
    const held = this.data.get(key);
    return held && held.expiresAtMs > this.nowMs() ? readRecord(held.bytes) : undefined;
  }

  /** A namespace's or tag's mark; `undefined` while there is none. */
  mark(name: string): number | undefined {
    return this.numbers.get(name);
  }

  nowMs(): number {
    return this.time.now + SERVER_EPOCH_MS;
  }

  get(key: string): Uint8Array | undefined {
    return this.read(key);
  }

  claim(key: string, token: number, leaseMs: number, force: boolean): Claim {
    const us = this.tick();
    const now = us / 1_000;
    const record = this.record(key);
    if (record?.payload && record.expiresAt > now && !force) return { kind: 'value', record };
    const stale = record?.payload ? record : undefined;
    if (record && record.leaseUntil > now && record.token !== token) {
      const waitMs = Math.ceil(record.leaseUntil - now);
      return { kind: record.token === 0 ? 'cooling' : 'busy', waitMs, record: stale };
    }
    const lease = { leaseUntil: now + leaseMs, token };
    if (stale) this.rewrite('claim', key, { ...stale, ...lease }, leaseMs);
    else {
      const head = { shape: 0, version: us, asOf: us, expiresAt: 0, ...lease };
      this.store('claim', key, head, undefined, leaseMs);
    }
    return { kind: 'granted', asOf: us, record: stale };
  }

  renew(key: string, token: number, leaseMs: number): boolean {
    const now = this.tick() / 1_000;
    const record = this.leased(key, token);
    if (!record) return false;
    this.rewrite('renew', key, { ...record, leaseUntil: now + leaseMs }, leaseMs);
    return true;
  }

  fill(key: string, token: number, asOf: number, value: NewRecord): number | undefined {
    const us = this.tick();
    const held = this.leased(key, token);
    if (!held) return undefined;
    const version = Math.max(held.version + 1, us);
    this.storeValue('fill', key, value, version, asOf, us / 1_000 + value.ttlMs, value.ttlMs + value.graceMs);
    return version;
  }

  release(key: string, token: number, backoffMs: number): void {
    const now = this.tick() / 1_000;
    const record = this.leased(key, token);
    if (!record) return;
    const head = { ...record, leaseUntil: backoffMs > 0 ? now + backoffMs : 0, token: 0 };
    if (record.payload) this.rewrite('release', key, head, 0);
    else if (backoffMs > 0) this.store('release', key, head, undefined, backoffMs);
    else this.drop('release', key);
  }

  put(key: string, value: NewRecord): number {
    const us = this.tick();
    const held = this.record(key);
    const version = held && held.version >= us ? held.version + 1 : us;
    const life = us / 1_000 + value.ttlMs;
    this.storeValue('put', key, value, version, version, life, value.ttlMs + value.graceMs);
    return version;
  }

  remove(key: string): boolean {
    const us = this.tick();
    const record = this.record(key);
    this.drop('remove', key);
    this.rememberDeletion(key, us);
    return record?.payload !== undefined && record.expiresAt > us / 1_000;
  }

  replayPut(key: string, value: NewRecord, madeAtUs: number): boolean {
    const us = this.tick();
    const version = Math.min(us, madeAtUs);
    const age = (us - version) / 1_000;
    const record = this.record(key);
    if (age > DELETION_REMEMBERED_MS || this.deletedAt(key) >= version) return false;
    if (record && record.version >= version) return false;
    const left = value.ttlMs - age;
    if (left + value.graceMs <= 0) {
      this.drop('replayPut', key);
      return false;
    }
    this.storeValue('replayPut', key, value, version, version, us / 1_000 + left, left + value.graceMs);
    return true;
  }

  replayRemove(key: string, madeAtUs: number): void {
    const version = Math.min(this.tick(), madeAtUs);
    const record = this.record(key);
    if (!record || record.version <= version) this.drop('replayRemove', key);
    if (this.deletedAt(key) < version) this.rememberDeletion(key, version);
  }

  /** @param asOfUs absent: as of now */
  watermarks(name: string, asOfUs: number | undefined, raise: boolean): number {
    const us = this.tick();
    const mark = this.numbers.get(name);
    const wanted = Math.min(us - 1, asOfUs ?? Infinity);
    if (mark !== undefined && (!raise || mark >= wanted)) return mark;
    const made = raise ? wanted + 1 : wanted;
    this.numbers.set(name, made);
    this.tell('mark', name);
    return made;
  }

  /** A client that is none of ours stores bytes, or deletes the key. */
  foreign(key: string, bytes?: Uint8Array): void {
    this.tick();
    if (bytes === undefined) this.drop('foreign', key);
    else {
      this.data.set(key, { bytes, expiresAtMs: Infinity });
      this.tell('foreign', key);
    }
  }

  /** FLUSHALL by anybody. */
  flush(): void {
    this.tick();
    this.forgetAll();
    for (const tell of this.trackers) tell({ kind: 'flushed', step: this.step });
  }

  /** Ends and starts again, empty; links are the tiers' own business. */
  restart(): void {
    this.trackers.clear();
    this.forgetAll();
  }

  private forgetAll(): void {
    this.step += 1;
    this.data.clear();
    this.numbers.clear();
    const { step } = this;
    this.observe?.({ operation: 'flushed', key: '', step, wantedAtMs: this.time.now, record: undefined });
  }

  private tick(): number {
    this.lastUs = Math.max(this.lastUs + 1, Math.floor(this.nowMs() * 1_000));
    return this.lastUs;
  }

  private read(key: string): Uint8Array | undefined {
    const held = this.data.get(key);
    if (held === undefined) return undefined;
    if (held.expiresAtMs > this.nowMs()) return held.bytes;
    this.drop('expired', key);
    return undefined;
  }

  private record(key: string): CacheRecord | undefined {
    const bytes = this.read(key);
    return bytes && readRecord(bytes);
  }

  private leased(key: string, token: number): CacheRecord | undefined {
    const record = this.record(key);
    return record && record.token === token && record.leaseUntil !== 0 ? record : undefined;
  }

  private deletedAt(key: string): number {
    return this.numbers.get(keys.cacheDeletion(key)) ?? 0;
  }

  private rememberDeletion(key: string, us: number): void {
    this.numbers.set(keys.cacheDeletion(key), us);
  }

  private storeValue(
    operation: ServerOperation,
    key: string,
    { shape, payload }: NewRecord,
    version: number,
    asOf: number,
    expiresAt: number,
    keptMs: number,
  ): void {
    const head = { shape, version, asOf, expiresAt, leaseUntil: 0, token: 0 };
    this.store(operation, key, head, payload, keptMs);
  }

  private store(
    operation: ServerOperation,
    key: string,
    head: Head,
    payload: Uint8Array | undefined,
    keptMs: number,
  ): void {
    const expiresAtMs = this.nowMs() + Math.max(1, Math.ceil(keptMs));
    this.data.set(key, { bytes: writeRecord(head, payload), expiresAtMs });
    this.tell(operation, key);
  }

  /** Changes a record's head and leaves the key's life, which lasts at least `keptMs`. */
  private rewrite(operation: ServerOperation, key: string, record: CacheRecord, keptMs: number): void {
    const expiresAtMs = Math.max(this.data.get(key)?.expiresAtMs ?? 0, this.nowMs() + keptMs);
    this.data.set(key, { bytes: writeRecord(record, record.payload), expiresAtMs });
    this.tell(operation, key);
  }

  private drop(operation: ServerOperation, key: string): void {
    if (this.data.delete(key)) this.tell(operation, key);
  }

  private tell(operation: ServerOperation, key: string): void {
    this.step += 1;
    if (this.observe) {
      const held = this.data.get(key);
      const wantedAtMs = this.wantedAtMs ?? this.time.now;
      this.observe({ operation, key, step: this.step, wantedAtMs, record: held && readRecord(held.bytes) });
    }
    for (const tell of this.trackers) tell({ kind: 'key', key, step: this.step });
  }
}

function writeRecord(head: Head, payload: Uint8Array | undefined): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + (payload?.length ?? 0));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, MAGIC);
  view.setUint8(1, payload ? HAS_VALUE : 0);
  view.setUint32(2, head.shape);
  [head.version, head.asOf, head.expiresAt, head.leaseUntil, head.token].forEach((figure, at) =>
    view.setFloat64(6 + 8 * at, figure),
  );
  if (payload) bytes.set(payload, HEAD_BYTES);
  return bytes;
}
