import { z } from 'zod';
import { cacheNamespace } from '../../src/cache/cache.namespace';

/** What the interleavings cache: each value is a number of its own, so that it tells where it came from. */
export const numbers = cacheNamespace({
  name: 'numbers',
  version: 1,
  kind: 'overview',
  schema: z.number(),
  backoffMs: 100,
  leaseMs: 600,
});
