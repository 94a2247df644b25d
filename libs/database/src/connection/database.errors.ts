/** PostgreSQL cannot be used right now: not configured, not reachable, or not migrated yet. */
export class DatabaseUnavailableError extends Error {
  readonly code = 'DATABASE_UNAVAILABLE';
  override readonly name = 'DatabaseUnavailableError';
}

/** SQLSTATE classes of a server that goes away, comes up, or has no room: worth another try later. */
const TRANSIENT_SQLSTATE = /^(08|53|57P)/;
const TRANSIENT_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);
/** node-postgres reports these without a code. */
const TRANSIENT_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|connection error and is not queryable|connection ended/i;

/**
 * True when the operation failed because PostgreSQL is away, not because of what was asked.
 *
 * An operation that failed so may have been carried out all the same: repeat only what is safe to repeat.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DatabaseUnavailableError) return true;
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== undefined && (TRANSIENT_SYSTEM.has(code) || TRANSIENT_SQLSTATE.test(code))) return true;
    if (TRANSIENT_MESSAGE.test(cause.message)) return true;
    if (cause instanceof AggregateError && cause.errors.some(isDatabaseUnavailable)) return true;
  }
  return false;
}
