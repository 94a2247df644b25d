import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import type { RedisOptions } from 'ioredis';
import type { SharedCacheParts } from '../src/shared-cache.module';
import { SharedCacheModule } from '../src/shared-cache.module';
import type { SharedCacheOptions } from '../src/contract/shared-cache.options';
import { PrivateRedis } from '../src/testing';

/** Set by the test runner (`npm test`, `node tools/test.mjs --project libs/shared-cache`). */
export function redisProgram(): string {
  const program = process.env['TEST_REDIS_PROGRAM'];
  if (!program) throw new Error('TEST_REDIS_PROGRAM is missing: run the tests through tools/test.mjs');
  return program;
}

export const startRedis = () => PrivateRedis.start(redisProgram());

/** For tests that are not about deadlines: a machine that stalls for a moment is no outage. */
export const PATIENT: Partial<SharedCacheOptions> = { operationDeadlineMs: 1_000 };

/** The library as one process of the platform uses it. */
export async function sharedCache(
  redis: RedisOptions | undefined,
  parts: SharedCacheParts = {},
  options: Partial<SharedCacheOptions> = {},
): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(
    SharedCacheModule.forRootAsync({ parts, useFactory: () => ({ service: 'test', redis, ...options }) }),
    { logger: false, abortOnError: false },
  );
}

export function aSignal(overrides: Partial<import('@tickbridge/contracts').Signal> = {}) {
  const now = Date.now();
  return {
    id: crypto.randomUUID(),
    symbol: 'RELIANCE',
    source: 'simulator' as const,
    action: 'BUY' as const,
    strength: 0.8,
    confidence: 0.6,
    price: 1450.5,
    stopLoss: 1440,
    target: 1470,
    strategy: 'momentum-breakout',
    reason: 'close above the highest high of 6 bars',
    components: { breakout: 1449 },
    barTime: new Date(now).toISOString(),
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 60_000).toISOString(),
    ...overrides,
  };
}

export function aTick(overrides: Partial<import('@tickbridge/contracts').Tick> = {}) {
  const now = Date.now();
  return {
    symbol: 'RELIANCE',
    assetClass: 'stock' as const,
    lastPrice: 1450.5,
    lastQuantity: 10,
    volume: 1000,
    open: 1440,
    high: 1455,
    low: 1435,
    previousClose: 1442,
    change: 8.5,
    changePercent: 0.5895,
    bid: 1450.4,
    bidQuantity: 100,
    ask: 1450.6,
    askQuantity: 120,
    openInterest: null,
    eventTime: now,
    tradedAt: now,
    receivedAt: now,
    lagMs: 0,
    sequence: 1,
    source: 'simulator' as const,
    ...overrides,
  };
}
