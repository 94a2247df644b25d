// A contestant: { name, setUp, open({ redis, use, payload, failFast }) }.
//
//   use 'memory'   what counts is a hit in memory: the library's fastest set-up of it, copies switched off
//   use 'tiered'   memory in front of Redis, kept coherent with other processes where the library can
//   use 'shared'   every read is answered by Redis
//   payload        what will be cached: quote (default) or market of payloads.mjs
//   failFast       set up not to wait for a Redis that is away
//
// `open` resolves to { get, set, close } and what else the library can: peek, getMany, getOrLoad(key, loader). A library
// that cannot be used in a way resolves to undefined. Values are objects; serialising them is the contestant's affair.
import { bentocache } from './bentocache.mjs';
import { cacheManager, cacheManagerLru } from './cache-manager.mjs';
import { cacheable } from './cacheable.mjs';
import { ioredis, ioredisAutopipelining, ioredisMsgpack } from './ioredis.mjs';
import { lruCache, map } from './memory.mjs';
import { nodeRedis } from './node-redis.mjs';
import { redisYet } from './redis-yet.mjs';
import { tickbridge } from './tickbridge.mjs';

export const CONTESTANTS = [
  tickbridge,
  map,
  lruCache,
  ioredis,
  ioredisAutopipelining,
  ioredisMsgpack,
  nodeRedis,
  bentocache,
  cacheable,
  cacheManager,
  cacheManagerLru,
  redisYet,
];

/** Opens one contestant by name. */
export async function open(name, how) {
  const contestant = CONTESTANTS.find((one) => one.name === name);
  if (!contestant) throw new Error(`no contestant named ${name}`);
  const cache = await contestant.open(how);
  return cache && { name, ...cache };
}

/** Opens several; those that cannot be used this way are left out. */
export async function openAll(names, how) {
  const opened = await Promise.all(names.map((name) => open(name, how)));
  return opened.filter(Boolean);
}

export const closeAll = (caches) => Promise.all(caches.map((cache) => cache.close()));
