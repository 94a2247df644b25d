const POLL_MS = 5;

/**
 * Waits for a condition instead of a time.
 *
 * @param what said in the failure: "until <what>"
 * @param timeoutMs give up after this long
 */
export async function until(what: string, condition: () => boolean, timeoutMs = 5_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
