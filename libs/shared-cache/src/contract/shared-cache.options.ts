import type { FeedName } from '@tickbridge/contracts';
import type { RedisOptions } from 'ioredis';
import type { Registry } from 'prom-client';

/** Whether this process may publish at the moment: of several feed processes one may. */
export interface PublishPermit {
  /**
   * Fencing number to publish under, or `null` while this process may not.
   *
   * Asked before every frame, so it waits for nothing.
   */
  fence(): number | null;
}

/** How this process takes part in live market data. */
export interface LiveMarketDataOptions {
  /** Feeds whose keys and channels are used, each published and read by itself. At least one. */
  sources: readonly FeedName[];
  /** Base address of market-data: the HTTP bridge. Without it the reader has no such fallback. */
  httpUrl?: string;
  /** Sent as bearer key over the HTTP bridge. */
  internalApiKey?: string;
  /** Folder of the snapshot file: written by the publisher, read by readers as a fallback. */
  directory?: string;
  /** The permit that a feed's publisher asks before every frame. Absent: it is the only one and may always publish. */
  permit?: (feed: FeedName) => PublishPermit;
}

export interface MemcachedAddress {
  readonly host: string;
  readonly port: number;
}

export interface SharedCacheOptions {
  /** Name of this service, used as Redis connection name and in statistics. */
  service: string;
  /** Id of this platform: what another one says on the same Redis is ignored (default: none). */
  installation?: string;
  /** `undefined` runs in fallback mode. `keyPrefix` is for channels too. */
  redis?: RedisOptions | undefined;
  /** Longest wait for Redis on the hot path (milliseconds; default 45). A Redis far away needs more. */
  operationDeadlineMs?: number;
  /** L2: copies of what Redis holds. Absent: no such tier. */
  memcached?: MemcachedAddress | undefined;
  /** Absent in processes without market data. */
  liveMarketData?: LiveMarketDataOptions;
  /** Most entries L1 keeps (default 10,000). */
  l1MaxEntries?: number;
  /** Most bytes of values L1 keeps, as encoded (default 64 MiB). */
  l1MaxBytes?: number;
  /** How often a sample of L1 is compared with Redis (milliseconds; default 10,000). */
  selfCheckIntervalMs?: number;
  /** Base64 keys of 32 bytes, newest first. Needed by `TokenStore` only. */
  tokenEncryptionKeys?: readonly string[];
  /**
   * Latest possible end of a token saved at a moment (both ms since 1970), by provider, where the provider says so: an
   * Indian broker's token ends with the trading day, whatever was said when it was stored.
   */
  tokenEnds?: Readonly<Record<string, (savedAt: number) => number>>;
  /** Sessions end after this long without use (milliseconds; default 12 h). */
  sessionIdleMs?: number;
  /** Sessions end after this long in any case (milliseconds; default 7 days). */
  sessionLifetimeMs?: number;
  /** Where this library's metrics are registered. */
  metrics?: Registry;
}

/** Injection token and type of the options. */
export abstract class SharedCacheSettings {
  abstract readonly value: SharedCacheOptions;
}
