import type { CacheNamespace } from './cache.namespace';

/** Where a key of a namespace, or of one user's part of it, is kept. No user's key can be another's. */
export function placeOf({ owner }: CacheNamespace<unknown>, key: string): string {
  return owner === undefined ? key : `${encodeURIComponent(owner)}/${key}`;
}

/** What all values of one user's part carry, so that they can be cleared. */
export function ownerTag({ owner }: CacheNamespace<unknown>): string | undefined {
  return owner === undefined ? undefined : `@${owner}`;
}
