/** Base of everything this library throws on purpose; `code` is stable. */
export abstract class SharedCacheError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Redis is not configured, not reachable, or the breaker keeps calls away from it. */
export class RedisUnavailableError extends SharedCacheError {
  readonly code = 'REDIS_UNAVAILABLE';
}

/** Redis did not answer before the operation's deadline. */
export class RedisDeadlineError extends SharedCacheError {
  readonly code = 'REDIS_DEADLINE';
}

/** Redis answered and refused: full, read-only, of a cluster, still loading, wrong password or permission. */
export class RedisRefusedError extends SharedCacheError {
  readonly code = 'REDIS_REFUSED';

  /** @param reason the word Redis' answer begins with, as `READONLY` */
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** A stored token cannot be decrypted: its key is missing from `TOKEN_ENCRYPTION_KEYS`, or it was altered. */
export class TokenDecryptionError extends SharedCacheError {
  readonly code = 'TOKEN_UNREADABLE';
}

/** `TOKEN_ENCRYPTION_KEYS` cannot be used. */
export class EncryptionKeyError extends SharedCacheError {
  readonly code = 'ENCRYPTION_KEY_INVALID';
}

/** A value does not fit its cache namespace's schema. */
export class CacheValueError extends SharedCacheError {
  readonly code = 'CACHE_VALUE_INVALID';
}

/** A loader failed a moment ago, here or in another process; it is not run again before its back-off ends. */
export class CacheLoadError extends SharedCacheError {
  readonly code = 'CACHE_LOAD_FAILED';
}

/** A loader did not finish within the namespace's `hardTimeoutMs`, and nothing stale could be served. */
export class CacheLoadTimeoutError extends SharedCacheError {
  readonly code = 'CACHE_LOAD_TIMEOUT';
}

/** A part was asked for that the module was not configured with. */
export class MissingPartError extends SharedCacheError {
  readonly code = 'SHARED_CACHE_PART_MISSING';
}
