import { z } from 'zod';
import type { SharedCacheOptions } from './contract/shared-cache.options';

const ms = z.number().positive();

/** Options that are numbers; the others are checked by what takes them. */
const schema = z.object({
  service: z.string().min(1),
  operationDeadlineMs: ms.optional(),
  l1MaxEntries: z.number().int().nonnegative().optional(),
  l1MaxBytes: z.number().int().nonnegative().optional(),
  selfCheckIntervalMs: z.number().min(10).optional(),
  sessionIdleMs: ms.optional(),
  sessionLifetimeMs: ms.optional(),
});

/** @throws TypeError that names the option that cannot be used */
export function checkedOptions(options: SharedCacheOptions): SharedCacheOptions {
  const { success, error } = schema.safeParse(options);
  if (success) return options;
  const [issue] = error.issues;
  throw new TypeError(`SharedCacheModule: ${issue?.path.join('.')}: ${issue?.message}`);
}
