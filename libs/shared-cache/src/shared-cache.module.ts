import { CACHE_MANAGER } from '@nestjs/cache-manager';
import {
  type DynamicModule,
  type InjectionToken,
  Module,
  type ModuleMetadata,
  type OptionalFactoryDependency,
  type Provider,
  type Type,
} from '@nestjs/common';
import { createCache } from 'cache-manager';
import { CacheCounters } from './cache/cache.counters';
import { CacheEngine } from './cache/cache.engine';
import { CacheEvents } from './cache/cache.events';
import { CacheService } from './cache/cache.service';
import { CacheWarmUp } from './cache/cache-warm-up';
import { SteadyClock } from './cache/clock';
import { Coherence } from './cache/coherence';
import { MemoryTier } from './cache/memory.tier';
import { SystemRandomness } from './cache/randomness';
import { RedisTier } from './cache/redis.tier';
import { MemcachedConnection } from './connection/memcached.connection';
import { RedisConnection } from './connection/redis.connection';
import { LiveMarketData } from './live-market-data/live-market-data';
import { LiveMarketPublishers } from './live-market-data/live-market.publishers';
import { CacheMetrics } from './observability/cache.metrics';
import { ResponseCacheClient } from './response-cache/response-cache.client';
import { ResponseCacheInterceptor } from './response-cache/response-cache.interceptor';
import { responseCacheStore } from './response-cache/response-cache.store';
import { SessionRepository } from './sessions/session.repository';
import { SessionStore } from './sessions/session-store';
import { checkedOptions } from './shared-cache.checks';
import { type SharedCacheOptions, SharedCacheSettings } from './contract/shared-cache.options';
import { SignalArchive } from './signal-buffer/signal-archive';
import { SignalBuffer } from './signal-buffer/signal-buffer';
import { TokenRepository } from './token-store/token.repository';
import { TokenStore } from './token-store/token-store';

const L1_MAX_ENTRIES = 10_000;
const L1_MAX_BYTES = 64 * 1_024 * 1_024;

const cacheEngine: Provider = {
  provide: CacheEngine,
  inject: [SharedCacheSettings, RedisTier, MemcachedConnection],
  useFactory: ({ value }: SharedCacheSettings, tier: RedisTier, side: MemcachedConnection) =>
    new CacheEngine({
      tier,
      side,
      memory: new MemoryTier(value.l1MaxEntries ?? L1_MAX_ENTRIES, value.l1MaxBytes ?? L1_MAX_BYTES),
      clock: new SteadyClock(),
      counters: new CacheCounters(),
      randomness: new SystemRandomness(),
      events: new CacheEvents(),
    }),
};

/** Which parts a service uses. Authoritative parts need their durable home: the class of the adapter is given. */
export interface SharedCacheParts {
  /** The feed process publishes; every other process reads. */
  liveMarketData?: 'publisher' | 'reader';
  /** `SignalBuffer`, with its durable home where the service owns the signals. */
  signals?: true | Type<SignalArchive>;
  /** `TokenStore` on this durable home. */
  tokens?: Type<TokenRepository>;
  /** `SessionStore` on this durable home. */
  sessions?: Type<SessionRepository>;
  /** `ResponseCacheInterceptor` and Nest's `CACHE_MANAGER`. */
  responseCache?: boolean;
}

export interface SharedCacheAsyncOptions {
  /** Modules whose providers the factory and the durable homes inject. */
  imports?: ModuleMetadata['imports'];
  inject?: (InjectionToken | OptionalFactoryDependency)[];
  useFactory: (...dependencies: never[]) => SharedCacheOptions | Promise<SharedCacheOptions>;
  parts?: SharedCacheParts;
  /** Offer the parts to every module of the application. */
  isGlobal?: boolean;
}

/**
 * Everything about shared memory, by dependency injection: `CacheService`, `RedisConnection`, and the `parts` asked
 * for. It reads its options, never the environment.
 */
@Module({})
export class SharedCacheModule {
  static forRootAsync(options: SharedCacheAsyncOptions): DynamicModule {
    const settings: Provider = {
      provide: SharedCacheSettings,
      inject: options.inject ?? [],
      useFactory: async (...dependencies: never[]) => ({
        value: checkedOptions(await options.useFactory(...dependencies)),
      }),
    };
    const parts: Provider[] = [
      RedisConnection,
      {
        provide: MemcachedConnection,
        inject: [SharedCacheSettings],
        useFactory: ({ value }: SharedCacheSettings) =>
          new MemcachedConnection(value.memcached, value.installation),
      },
      Coherence,
      RedisTier,
      cacheEngine,
      CacheService,
      CacheWarmUp,
      CacheMetrics,
      ...partProviders(options.parts ?? {}),
    ];
    return {
      module: SharedCacheModule,
      global: options.isGlobal ?? false,
      imports: options.imports ?? [],
      providers: [settings, ...parts],
      exports: [SharedCacheSettings, ...parts],
    };
  }
}

function partProviders(parts: SharedCacheParts): Provider[] {
  const providers: Provider[] = [];
  if (parts.liveMarketData === 'publisher') {
    providers.push(LiveMarketPublishers);
  }
  if (parts.liveMarketData) providers.push(LiveMarketData);
  if (parts.signals) {
    if (parts.signals !== true) providers.push({ provide: SignalArchive, useClass: parts.signals });
    providers.push(SignalBuffer);
  }
  if (parts.tokens) providers.push({ provide: TokenRepository, useClass: parts.tokens }, TokenStore);
  if (parts.sessions) providers.push({ provide: SessionRepository, useClass: parts.sessions }, SessionStore);
  if (parts.responseCache) {
    providers.push(ResponseCacheClient, ResponseCacheInterceptor, {
      provide: CACHE_MANAGER,
      inject: [ResponseCacheClient],
      useFactory: (client: ResponseCacheClient) => createCache({ stores: [responseCacheStore(client)] }),
    });
  }
  return providers;
}
