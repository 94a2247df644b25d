import { CACHE_TTL_METADATA, type CacheTTL } from '@nestjs/cache-manager';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

export interface CacheResponseOptions {
  /** How long an answer is kept (milliseconds). */
  readonly ttlMs: number;
  /** The answer is the same for every caller: one is kept for all, and proxies may keep it too (default no). */
  readonly public?: boolean;
}

/** What `@CacheResponse()` says about a route or a controller. */
export const CachePolicy = Reflector.createDecorator<CacheResponseOptions>();

type StatedTtl = Parameters<typeof CacheTTL>[0];

/** The route's policy before the controller's, `@CacheResponse()` before Nest's `@CacheTTL()`. */
export async function policyOf(
  reflector: Reflector,
  context: ExecutionContext,
): Promise<CacheResponseOptions | undefined> {
  const targets = [context.getHandler(), context.getClass()];
  const stated = reflector.getAllAndOverride(CachePolicy, targets) as CacheResponseOptions | undefined;
  if (stated) return stated;
  const ttl = reflector.getAllAndOverride<StatedTtl | undefined>(CACHE_TTL_METADATA, targets);
  const ttlMs = typeof ttl === 'function' ? await ttl(context) : ttl;
  return ttlMs === undefined || !(ttlMs > 0) ? undefined : { ttlMs };
}
