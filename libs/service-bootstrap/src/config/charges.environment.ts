import { join } from 'node:path';
import { z } from 'zod';

/** Where people put charges of their own. */
export const chargesEnvironment = { CHARGES_DIR: z.string().min(1).optional() };

/** The folder of charges that was set, or the one in the data folder. */
export function chargesDirectory(env: { CHARGES_DIR?: string | undefined; DATA_DIR: string }): string {
  return env.CHARGES_DIR ?? join(env.DATA_DIR, 'charges');
}
