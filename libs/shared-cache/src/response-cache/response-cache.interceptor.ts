import { createHash } from 'node:crypto';
import { type ExecutionContext, Injectable } from '@nestjs/common';
import { CacheInterceptor } from '@nestjs/cache-manager';
import { keys } from '../shared-cache.keys';

interface CacheableRequest {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
}

/**
 * Caches GET answers under method, path, sorted query and the caller's identity, so that no caller ever gets what
 * was made for another. Life is set with `@CacheTTL(milliseconds)`.
 */
@Injectable()
export class ResponseCacheInterceptor extends CacheInterceptor {
  protected override trackBy(context: ExecutionContext): string | undefined {
    if (!this.isRequestCacheable(context)) return undefined;
    const request = context.switchToHttp().getRequest<CacheableRequest>();
    const url = new URL(request.url, 'http://service');
    url.searchParams.sort();
    return keys.cacheEntry(
      'http',
      `${request.method} ${url.pathname}?${url.searchParams} ${identity(request)}`,
    );
  }
}

/** A digest, so that no credential becomes part of a key. */
function identity({ headers }: CacheableRequest): string {
  const credentials = `${String(headers['authorization'] ?? '')}\n${String(headers['cookie'] ?? '')}`;
  if (credentials === '\n') return 'anonymous';
  return createHash('sha256').update(credentials).digest('base64url').slice(0, 22);
}
