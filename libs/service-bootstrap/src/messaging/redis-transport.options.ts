import type { RedisOptions as TransportOptions } from '@nestjs/microservices';
import type { RedisOptions } from 'ioredis';

/**
 * Settings of the connections Nest's Redis transport opens itself.
 *
 * A request must fail at once while Redis is away, so that its way round can be taken; the connections come
 * back by themselves and never give up.
 */
export function redisTransportOptions(redis: RedisOptions): NonNullable<TransportOptions['options']> {
  const { retryStrategy: _setByTheTransport, ...connection } = redis;
  return {
    ...connection,
    connectTimeout: 2_000,
    maxRetriesPerRequest: null,
    retryAttempts: Number.MAX_SAFE_INTEGER,
    retryDelay: 250,
  };
}
