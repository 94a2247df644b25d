import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { ResponseCacheInterceptor } from './response-cache.interceptor';
import { CachePolicy, type CacheResponseOptions } from './cache-policy';

/**
 * Caches the answers of a GET route, or of all GET routes of a controller. See `ResponseCacheInterceptor`.
 *
 * @throws RangeError at start when `ttlMs` is no life
 */
export function CacheResponse(options: CacheResponseOptions): MethodDecorator & ClassDecorator {
  if (!(options.ttlMs > 0)) throw new RangeError(`ttlMs must be above 0, got ${options.ttlMs}`);
  return applyDecorators(CachePolicy(options), UseInterceptors(ResponseCacheInterceptor));
}
