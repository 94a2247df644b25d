import { join } from 'node:path';
import { z } from 'zod';

/** Where people put calendars of their own. */
export const calendarsEnvironment = { CALENDARS_DIR: z.string().min(1).optional() };

/** The folder of calendars that was set, or the one in the data folder. */
export function calendarsDirectory(env: { CALENDARS_DIR?: string | undefined; DATA_DIR: string }): string {
  return env.CALENDARS_DIR ?? join(env.DATA_DIR, 'calendars');
}
