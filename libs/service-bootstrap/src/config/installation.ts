import { createHmac, hkdfSync } from 'node:crypto';
import { z } from 'zod';

/** Which platform this is, among those that share a Redis or a PostgreSQL. */
export const installationEnvironment = {
  INSTALLATION_ID: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{2,39}$/, 'expected 3 to 40 small letters, digits and dashes')
    .optional(),
  INSTALLATION_PREFIX: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/,
      'expected up to 40 letters, digits, dots, dashes and underscores',
    )
    .optional(),
};

/** One platform: its services know each other by it, and ignore what other platforms say. */
export interface Installation {
  /** Public name; messages carry it. */
  readonly id: string;
  /** What every Redis key and channel begins with; empty when this platform has the database to itself. */
  readonly prefix: string;
  /** Key that messages between the services are authenticated with. */
  readonly busKey: Buffer;
}

/**
 * The installation that the settings describe.
 *
 * Services with one internal key are one installation: its id is derived from that key, unless it is given.
 */
export function installationOf(
  environment: z.output<z.ZodObject<typeof installationEnvironment>>,
  internalApiKey: string,
): Installation {
  const { INSTALLATION_ID: given, INSTALLATION_PREFIX: prefix } = environment;
  const derived = createHmac('sha256', internalApiKey).update('tickbridge installation').digest('hex');
  return {
    id: given ?? derived.slice(0, 12),
    prefix: prefix === undefined ? '' : `${prefix}:`,
    busKey: Buffer.from(hkdfSync('sha256', internalApiKey, '', 'tickbridge bus', 32)),
  };
}
