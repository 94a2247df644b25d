import type { Queryable } from './database';

/**
 * A statement whose text is put together once per connection instead of at every use.
 *
 * @param build from placeholders, ending with drizzle's `prepare`
 */
export function statement<Prepared>(
  build: (database: Queryable) => Prepared,
): (database: Queryable) => Prepared {
  const built = new WeakMap<Queryable, Prepared>();
  return (database) => {
    const found = built.get(database);
    if (found) return found;
    const prepared = build(database);
    built.set(database, prepared);
    return prepared;
  };
}
