import { CACHE_MANAGER, type Cache, CacheTTL } from '@nestjs/cache-manager';
import { Controller, Get, Module, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { RedisConnection } from '../src/connection/redis.connection';
import { ResponseCacheClient } from '../src/response-cache/response-cache.client';
import { ResponseCacheInterceptor } from '../src/response-cache/response-cache.interceptor';
import { SharedCacheModule } from '../src/shared-cache.module';
import { type PrivateRedis, waitFor } from '../src/testing';
import { startRedis } from './harness';

let runs = 0;

@Controller()
class ReportController {
  @Get('report')
  @UseInterceptors(ResponseCacheInterceptor)
  @CacheTTL(60_000)
  report() {
    runs += 1;
    return { runs };
  }

  @Get('failing')
  @UseInterceptors(ResponseCacheInterceptor)
  @CacheTTL(60_000)
  failing() {
    runs += 1;
    throw new Error('vendor down');
  }
}

async function service(redis: PrivateRedis): Promise<NestFastifyApplication> {
  @Module({
    imports: [
      SharedCacheModule.forRootAsync({
        parts: { responseCache: true },
        useFactory: () => ({ service: 'test', redis: redis.options }),
      }),
    ],
    controllers: [ReportController],
  })
  class ServiceModule {}

  const app = await NestFactory.create<NestFastifyApplication>(ServiceModule, new FastifyAdapter(), {
    logger: false,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await waitFor(() => app.get(RedisConnection).available && app.get(ResponseCacheClient).client?.isReady);
  return app;
}

describe('response cache', () => {
  let redis: PrivateRedis;
  let one: NestFastifyApplication;
  let other: NestFastifyApplication;

  beforeEach(async () => {
    runs = 0;
    redis = await startRedis();
    [one, other] = await Promise.all([service(redis), service(redis)]);
  });

  afterEach(async () => {
    await Promise.all([one.close(), other.close()]);
    await redis.stop();
  });

  const read = async (app: NestFastifyApplication, url: string, headers: Record<string, string> = {}) =>
    (await app.inject({ url, headers })).json<{ runs: number }>();

  it('answers from Redis what another process has answered before', async () => {
    expect(await read(one, '/report')).toEqual({ runs: 1 });
    await waitFor(() => redis.foreign.dbsize());
    expect(await read(other, '/report')).toEqual({ runs: 1 });
  });

  it('takes two orders of the same query for one', async () => {
    await read(one, '/report?a=1&b=2');
    await waitFor(() => redis.foreign.dbsize());
    expect(await read(one, '/report?b=2&a=1')).toEqual({ runs: 1 });
    expect(await read(one, '/report?a=2&b=1')).toEqual({ runs: 2 });
  });

  it('never gives one caller what was made for another, and keeps credentials out of the keys', async () => {
    await read(one, '/report', { cookie: 'session=hunter2' });
    await waitFor(() => redis.foreign.dbsize());
    expect(await read(one, '/report', { cookie: 'session=other' })).toEqual({ runs: 2 });
    expect(await read(one, '/report')).toEqual({ runs: 3 });
    expect((await redis.foreign.keys('*')).join()).not.toContain('hunter2');
  });

  it('keeps no failure', async () => {
    expect((await one.inject('/failing')).statusCode).toBe(500);
    expect((await one.inject('/failing')).statusCode).toBe(500);
    expect(runs).toBe(2);
  });

  it.each([
    ['dies', (server: PrivateRedis) => server.kill()],
    ['hangs', async (server: PrivateRedis) => server.pause()],
  ])('goes on without waiting when Redis %s', async (_title, breakIt) => {
    await read(one, '/report');
    await breakIt(redis);
    await waitFor(() => !one.get(RedisConnection).available);
    const asked = performance.now();
    expect(await read(one, '/report')).toEqual({ runs: 2 });
    expect(performance.now() - asked).toBeLessThan(500);
  });

  it('clears the responses and nothing else', async () => {
    await redis.foreign.set('cache:quotes:A', 'x');
    await read(one, '/report');
    await waitFor(async () => (await redis.foreign.dbsize()) === 2);
    await one.get<Cache>(CACHE_MANAGER).clear();
    expect(await redis.foreign.keys('*')).toEqual(['cache:quotes:A']);
  });
});
