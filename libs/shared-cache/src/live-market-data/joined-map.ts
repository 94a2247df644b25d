/** Several maps read as one, nothing copied. A key that stands in more than one is the first one's. */
export class JoinedMap<K, V> implements ReadonlyMap<K, V> {
  constructor(private readonly maps: readonly ReadonlyMap<K, V>[]) {}

  get size(): number {
    return this.maps.reduce((sum, { size }) => sum + size, 0);
  }

  get(key: K): V | undefined {
    for (const map of this.maps) {
      const value = map.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  has(key: K): boolean {
    return this.maps.some((map) => map.has(key));
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }

  *entries(): MapIterator<[K, V]> {
    for (const map of this.maps) yield* map.entries();
  }

  *keys(): MapIterator<K> {
    for (const map of this.maps) yield* map.keys();
  }

  *values(): MapIterator<V> {
    for (const map of this.maps) yield* map.values();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }
}
