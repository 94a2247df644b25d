import { z } from 'zod';
import { cacheNamespace } from '../../src/cache/cache.namespace';

/** Values that tell under which key they were written, and when: each write has a larger number. */
const schema = z.object({ key: z.string(), n: z.number() });

export const numbered = cacheNamespace({ name: 'numbered', version: 1, kind: 'overview', schema });

/** A loader whose process died is replaced soon, and one that failed is tried again soon. */
export const loaded = cacheNamespace({
  name: 'loaded',
  version: 1,
  kind: 'overview',
  schema,
  leaseMs: 1_000,
  backoffMs: 400,
});

/** Counts loader runs over all processes, outside the cache. */
export const RUNS_KEY = 'test:loader-runs';
