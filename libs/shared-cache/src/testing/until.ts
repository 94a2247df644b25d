import { waitFor } from './wait-for';

/**
 * Waits for a condition instead of a time.
 *
 * @param what said in the failure: "until <what>"
 * @param timeoutMs give up after this long
 */
export async function until(what: string, condition: () => boolean, timeoutMs = 5_000): Promise<void> {
  await waitFor(condition, { timeoutMs, everyMs: 5 }).catch((cause: unknown) => {
    throw new Error(`waited ${timeoutMs} ms until ${what}`, { cause });
  });
}
