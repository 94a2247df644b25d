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

const DISK_FULL = '53100';

/** True when PostgreSQL had no room on its disk: nothing was stored, and it goes on once there is room. */
export function isDatabaseFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as NodeJS.ErrnoException).code === DISK_FULL) return true;
  }
  return false;
}

const UNIQUE_VIOLATION = '23505';
const CONSTRAINT_VIOLATIONS = /^23/;

/** True when a row was refused by a constraint: the statement itself is sound. */
export function isConstraintViolation(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (CONSTRAINT_VIOLATIONS.test((cause as NodeJS.ErrnoException).code ?? '')) return true;
  }
  return false;
}

/** True when a row of that key exists already: nothing was stored. */
export function isUniqueViolation(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as NodeJS.ErrnoException).code === UNIQUE_VIOLATION) return true;
  }
  return false;
}

/**
 * What went wrong at the bottom of an error, for logs and health answers.
 *
 * The error of a failed query says the whole statement with its parameters first; those belong into neither.
 */
export function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return rootMessage(error.cause);
  // Several refused addresses arrive as an aggregate without a message of its own.
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map(rootMessage).join('; ');
  return error.message;
}
