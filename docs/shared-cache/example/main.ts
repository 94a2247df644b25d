import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { CacheResponse, CacheService, cacheNamespace, SharedCacheModule } from '@tickbridge/shared-cache';
import { z } from 'zod';

const quote = z.object({ symbol: z.string(), price: z.number(), at: z.string() });
const quotes = cacheNamespace({ name: 'quotes', version: 1, kind: 'stockPrices', schema: quote });

@Controller('quotes')
class QuotesController {
  constructor(private readonly cache: CacheService) {}

  /** However many ask, in however many processes: the vendor is asked once per symbol and 30 seconds. */
  @Get(':symbol')
  @CacheResponse({ ttlMs: 1_000, public: true })
  quote(@Param('symbol') symbol: string) {
    return this.cache.getOrSet(quotes, symbol, () => askVendor(symbol));
  }
}

async function askVendor(symbol: string): Promise<z.infer<typeof quote>> {
  return { symbol, price: 100 + symbol.length, at: new Date().toISOString() };
}

const [redisPort = 6379, port = 3000] = process.argv.slice(2).map(Number);
const options = { service: 'quotes', redis: { host: '127.0.0.1', port: redisPort } };

@Module({
  imports: [SharedCacheModule.forRootAsync({ useFactory: () => options, parts: { responseCache: true } })],
  controllers: [QuotesController],
})
class AppModule {}

void NestFactory.create(AppModule, new FastifyAdapter()).then((app) =>
  app.enableShutdownHooks().listen(port, '127.0.0.1'),
);
