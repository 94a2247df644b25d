import { crc32 } from 'node:zlib';
import type { Clock } from './clock';
import { type CacheRecord, readRecord } from './record';
import type { SharedTier } from './shared-tier';
import type { SideTier } from './side-tier';

const MAGIC = 0x4d;
/** Magic, checksum of what follows it, stamp (server milliseconds), length of the key. */
const HEAD_BYTES = 1 + 4 + 8 + 4;
/** Most changes remembered; older ones make older copies worthless. */
const MAX_CHANGES = 50_000;

/**
 * Copies of shared memory's records in L2, and the proof that one is still true.
 *
 * Whoever reads a record from shared memory stamps its copy with the server's time at which he asked. This process
 * hears of every change of every key; a copy stamped after it last heard of its key, and after it began to hear at
 * all, is as true as what its own memory holds. Any other copy is as good as none: shared memory is asked, and the
 * copy stamped anew.
 */
export class SideCopies {
  /** When word of a key's last change came (steady milliseconds), oldest first. */
  private readonly changedAt = new Map<string, number>();
  /** Nothing is known of changes before this (steady milliseconds). */
  private since = Infinity;

  constructor(
    private readonly side: SideTier,
    private readonly tier: SharedTier,
    private readonly clock: Clock,
  ) {}

  get usable(): boolean {
    return this.side.configured && this.side.available;
  }

  /** Word of changes comes from now on, or everything changed. */
  begin(): void {
    this.since = this.clock.now();
    this.changedAt.clear();
  }

  /** A key changed. */
  changed(id: string): void {
    if (!this.side.configured) return;
    this.changedAt.delete(id);
    this.changedAt.set(id, this.clock.now());
    if (this.changedAt.size <= MAX_CHANGES) return;
    for (const [oldest, atMs] of this.changedAt) {
      this.since = Math.max(this.since, atMs);
      this.changedAt.delete(oldest);
      break;
    }
  }

  /** @returns a copy that is proven to be true, and `undefined` otherwise */
  async read(id: string): Promise<CacheRecord | undefined> {
    const bytes = await this.side.get(id);
    const copy = bytes && unpack(id, bytes);
    if (copy === undefined) return undefined;
    const knownMs = Math.max(this.since, this.changedAt.get(id) ?? 0);
    if (this.tier.toLocal(copy.stampMs) - this.tier.clockErrorMs <= knownMs) return undefined;
    return readRecord(copy.record);
  }

  /** @param askedAtMs when shared memory was asked for it (steady milliseconds) */
  write(id: string, record: Uint8Array, askedAtMs: number, ttlMs: number): void {
    const stampMs = askedAtMs - this.tier.toLocal(0) - this.tier.clockErrorMs;
    void this.side.set(id, pack(id, record, stampMs), ttlMs);
  }

  /** Shared memory could not be told of a change, so at least this copy goes. */
  drop(id: string): void {
    if (this.usable) void this.side.delete(id);
  }
}

function pack(id: string, record: Uint8Array, stampMs: number): Uint8Array {
  const key = Buffer.from(id);
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + key.length + record.length);
  bytes.writeUInt8(MAGIC, 0);
  bytes.writeDoubleBE(stampMs, 5);
  bytes.writeUInt32BE(key.length, 13);
  key.copy(bytes, HEAD_BYTES);
  bytes.set(record, HEAD_BYTES + key.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(5)), 1);
  return bytes;
}

/** @returns `undefined` for anything but an undamaged copy of this key */
function unpack(id: string, bytes: Uint8Array): { stampMs: number; record: Uint8Array } | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < HEAD_BYTES || buffer[0] !== MAGIC) return undefined;
  if (crc32(buffer.subarray(5)) !== buffer.readUInt32BE(1)) return undefined;
  const body = HEAD_BYTES + buffer.readUInt32BE(13);
  if (buffer.toString('utf8', HEAD_BYTES, body) !== id) return undefined;
  return { stampMs: buffer.readDoubleBE(5), record: buffer.subarray(body) };
}
