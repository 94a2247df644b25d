import { RedisDeadlineError } from '../contract/shared-cache.errors';

/**
 * Ends the wait for `work` after `deadlineMs`; the work itself goes on and its late outcome is dropped.
 *
 * @param late what the wait then rejects with
 */
export async function withDeadline<T>(
  work: Promise<T>,
  deadlineMs: number,
  late: () => Error = () => new RedisDeadlineError(`Redis did not answer within ${deadlineMs} ms`),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // An answer that waits in the socket while this process was busy still counts: it is read before this runs.
      setImmediate(() => reject(late()));
    }, deadlineMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
