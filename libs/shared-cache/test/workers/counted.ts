import { z } from 'zod';
import { cacheNamespace } from '../../src/cache/cache.namespace';

/** Counts loader runs over all processes, outside the cache. */
export const RUNS_KEY = 'test:loader-runs';

/** Which run of the loader made the value, and in which process. */
export const counted = cacheNamespace({
  name: 'counted',
  version: 1,
  kind: 'overview',
  schema: z.object({ run: z.number(), pid: z.number() }),
  leaseMs: 1_000,
});
