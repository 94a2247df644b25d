import type { CacheNamespace } from './cache.namespace';

/**
 * Where a key of a namespace, or of one user's part of it, is kept. No user's key can be another's.
 *
 * @throws TypeError for all users' parts together: nothing can be read from them or written to them
 */
export function placeOf({ owner, all, name }: CacheNamespace<unknown>, key: string): string {
  if (owner !== undefined) return `${encodeURIComponent(owner)}/${key}`;
  if (all) throw new TypeError(`${name}: expected one user's part, came everybody's`);
  return key;
}

/** What all values of one user's part carry, so that they can be cleared. */
export function ownerTag({ owner }: CacheNamespace<unknown>): string | undefined {
  return owner === undefined ? undefined : `@${owner}`;
}
