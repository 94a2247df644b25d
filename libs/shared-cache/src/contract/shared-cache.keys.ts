import { createHash } from 'node:crypto';
import type { FeedName } from '@tickbridge/contracts';

/** Every Redis key and channel of the platform is built here, and nowhere else. */
export const keys = {
  /** Which installation uses this database, as long as it runs. */
  installation: 'installation',
  /** Hash, symbol to tick as JSON. */
  liveCache: (source: FeedName) => `${source}:live_cache`,
  /** Hash: epoch, sequence, flushedAt, symbolCount. */
  liveMeta: (source: FeedName) => `${source}:live_meta`,
  /** Channel of frames. */
  ticks: (source: FeedName) => `${source}:ticks`,
  /** Who holds the feed's vendor login: `<holder> <fencing number>`. */
  feedLease: (source: FeedName) => `feed:lease:${source}`,
  /** Prefix of everything the cache owns; invalidations are tracked on it. */
  cachePrefix: 'cache:',
  cacheEntry: (namespace: string, key: string) => `cache:${namespace}:${key}`,
  /** From when on a namespace's entries count; older ones were cleared. */
  cacheClearMark: (namespace: string) => `cache:#clear:${namespace}`,
  cacheTagMark: (namespace: string, tag: string) => `cache:#tag:${namespace}:${tag}`,
  /** When a cache key was deleted. Outside the tracked prefix: no process holds it. */
  cacheDeletion: (redisKey: string) => `gone:${redisKey}`,
  /** Stream of the newest 1,000 signals. */
  signals: 'signals:recent',
  /** Hash, signal id to stream position: what the stream holds, for de-duplication. */
  signalIds: 'signals:recent:ids',
  /** Channel that tells a signal's stream position when it is appended. */
  signalsAppended: 'signals:appended',
  token: (provider: string, accountId: string) => `token:${provider}:${accountId}`,
  session: (idHash: string) => `session:${idHash}`,
} as const;

/** Namespace of a cache entry's key. */
export function namespaceOf(redisKey: string): string {
  const start = redisKey.indexOf(':') + 1;
  return redisKey.slice(start, redisKey.indexOf(':', start));
}

/** Namespace of a tag's mark; `undefined` for anything else. */
export function namespaceOfTagMark(mark: string): string | undefined {
  if (namespaceOf(mark) !== '#tag') return undefined;
  const start = keys.cacheTagMark('', '').length - 1;
  return mark.slice(start, mark.indexOf(':', start));
}

/** What a secret id is stored under: its SHA-256, hex. */
export function hashedId(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
