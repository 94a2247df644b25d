import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RedisConnection } from '../connection/redis.connection';
import { keys } from '../contract/shared-cache.keys';
import { Coherence } from './coherence';
import { RedisReads } from './redis.reads';
import { type CacheRecord, readRecord } from './record';
import { CACHE_SCRIPTS } from './redis.scripts';
import type { Claim, Invalidation, NewRecord, SharedTier } from './shared-tier';

/** Off the hot path an answer may take this long (milliseconds). */
const REPLAY_DEADLINE_MS = 1_000;

/** A mark that is made for what is handed over is older than that by so much (microseconds). */
const MARK_SLACK_US = 50_000;

type Answer = Buffer | number | null;
type Script = (...parts: (string | number | Buffer)[]) => Promise<Answer>;
type Scripts = Record<keyof typeof CACHE_SCRIPTS, Script> & {
  cacheClaimBuffer: (...parts: (string | number)[]) => Promise<[Buffer, Buffer, Buffer | null]>;
};

/** L3: Redis. Its clock and its order of commands decide what is newer. */
@Injectable()
export class RedisTier implements SharedTier, OnModuleInit {
  /** Server milliseconds minus this process's steady milliseconds. */
  private offsetMs = Date.now() - performance.now();

  clockErrorMs = 0;
  private readonly reads: RedisReads;

  constructor(
    private readonly redis: RedisConnection,
    private readonly coherence: Coherence,
  ) {
    this.reads = new RedisReads(redis);
    for (const [name, script] of Object.entries(CACHE_SCRIPTS))
      redis.commandClient?.defineCommand(name, script);
  }

  get configured(): boolean {
    return this.redis.configured;
  }

  get available(): boolean {
    return this.redis.available;
  }

  get armed(): boolean {
    return this.coherence.armed;
  }

  onModuleInit(): void {
    this.redis.serverTime$.subscribe(({ serverMs, steadyMs, uncertaintyMs }) => {
      this.offsetMs = serverMs - steadyMs;
      this.clockErrorMs = uncertaintyMs;
    });
  }

  listen(listener: (event: Invalidation) => void): void {
    this.coherence.invalidated$.subscribe(listener);
    this.redis.available$.subscribe(() => listener({ kind: 'distrust' }));
  }

  onReturn(listener: () => void): void {
    this.redis.available$.subscribe((available) => {
      if (available) listener();
    });
  }

  toLocal(serverMs: number): number {
    return serverMs - this.offsetMs;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.reads.get(key)) ?? undefined;
  }

  async getMany(wanted: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const found = await this.redis.run((redis) => redis.mgetBuffer(...wanted));
    return found.map((bytes) => bytes ?? undefined);
  }

  async versions(wanted: readonly string[]): Promise<number[]> {
    const versions = await this.redis.run((redis) =>
      (redis as Redis & Scripts).cacheVersions(wanted.length, ...wanted),
    );
    return (versions as unknown as string[]).map(Number);
  }

  async claim(key: string, token: number, leaseMs: number, force: boolean): Promise<Claim> {
    const [kind, figure, raw] = await this.script((scripts) =>
      scripts.cacheClaimBuffer(key, token, leaseMs, force ? 1 : 0),
    );
    return toClaim(kind.toString(), Number(figure), raw === null ? undefined : readRecord(raw));
  }

  async renew(key: string, token: number, leaseMs: number): Promise<boolean> {
    return (await this.script((scripts) => scripts.cacheRenew(key, token, leaseMs))) === 1;
  }

  async fill(key: string, token: number, asOf: number, record: NewRecord): Promise<number | undefined> {
    const version = await this.script((scripts) => scripts.cacheFill(key, token, asOf, ...parts(record)));
    return version === null ? undefined : Number(version);
  }

  async release(key: string, token: number, backoffMs: number): Promise<void> {
    await this.script((scripts) => scripts.cacheRelease(key, token, backoffMs));
  }

  async put(key: string, record: NewRecord): Promise<number> {
    return Number(await this.script((scripts) => scripts.cachePut(key, ...parts(record))));
  }

  async remove(key: string): Promise<boolean> {
    return (await this.script((scripts) => scripts.cacheRemove(key, keys.cacheDeletion(key)))) === 1;
  }

  async replayPut(key: string, record: NewRecord, ageMs: number): Promise<boolean> {
    const stored = await this.script(
      (scripts) => scripts.cacheReplayPut(key, keys.cacheDeletion(key), ...parts(record), this.madeAt(ageMs)),
      REPLAY_DEADLINE_MS,
    );
    return stored === 1;
  }

  async replayRemove(key: string, ageMs: number): Promise<void> {
    await this.script(
      (scripts) => scripts.cacheReplayRemove(key, keys.cacheDeletion(key), this.madeAt(ageMs)),
      REPLAY_DEADLINE_MS,
    );
  }

  async watermarks(names: readonly string[], ageMs: number): Promise<number[]> {
    // What is handed over with this age must be newer than the mark, whatever the clocks are wrong by.
    const asOf = ageMs === 0 ? '' : this.madeAt(ageMs) - MARK_SLACK_US;
    return this.script((scripts) =>
      Promise.all(names.map(async (name) => Number(await scripts.cacheMark(name, asOf, 0)))),
    );
  }

  async raiseMark(name: string, ageMs: number): Promise<number> {
    // What was there before must not be newer than the mark.
    const asOf = ageMs === 0 ? '' : this.madeAt(ageMs) + Math.ceil(2_000 * this.clockErrorMs);
    return Number(await this.script((scripts) => scripts.cacheMark(name, asOf, 1)));
  }

  /** Server microseconds of a moment of ours, not later than it can have been: in doubt what Redis holds is newer. */
  private madeAt(ageMs: number): number {
    return Math.floor((performance.now() - ageMs + this.offsetMs - this.clockErrorMs) * 1_000);
  }

  private script<T>(work: (scripts: Scripts) => Promise<T>, deadlineMs?: number): Promise<T> {
    return this.redis.run((redis) => work(redis as Redis & Scripts), deadlineMs);
  }
}

function parts(record: NewRecord): [number, number, number, Buffer] {
  const { payload } = record;
  return [
    record.shape,
    record.ttlMs,
    record.graceMs,
    Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
  ];
}

function toClaim(kind: string, figure: number, record: CacheRecord | undefined): Claim {
  if (kind === 'value' && record) return { kind, record };
  if (kind === 'busy' || kind === 'cooling') return { kind, waitMs: figure, record };
  return { kind: 'granted', asOf: figure, record };
}
