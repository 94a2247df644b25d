// What memory alone can do: no second process, no life of an entry, no copy.
import { LRUCache } from 'lru-cache';
import { LIFE_MS } from '../lib/payloads.mjs';

export const map = {
  name: 'Map',
  setUp: 'a plain Map: the limit of any memory cache',
  async open({ use }) {
    if (use === 'shared') return undefined;
    const values = new Map();
    const get = (key) => values.get(key);
    return { get, peek: get, set: (key, value) => values.set(key, value), close: () => values.clear() };
  },
};

export const lruCache = {
  name: 'lru-cache',
  setUp: 'LRUCache with max and ttl',
  async open({ use }) {
    if (use === 'shared') return undefined;
    const values = new LRUCache({ max: 10_000, ttl: LIFE_MS });
    const get = (key) => values.get(key);
    return { get, peek: get, set: (key, value) => values.set(key, value), close: () => values.clear() };
  },
};
