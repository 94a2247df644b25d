import { Readable } from 'node:stream';
import { CACHE_MANAGER, type Cache, CacheTTL } from '@nestjs/cache-manager';
import {
  Controller,
  Get,
  Header,
  HttpCode,
  type MessageEvent,
  Module,
  NotFoundException,
  Param,
  Post,
  Query,
  Req,
  Res,
  Sse,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RedisOptions } from 'ioredis';
import { of } from 'rxjs';
import { RedisConnection } from '../src/connection/redis.connection';
import { CacheResponse } from '../src/response-cache/cache-response.decorator';
import { ResponseCacheClient } from '../src/response-cache/response-cache.client';
import { ResponseCacheInterceptor } from '../src/response-cache/response-cache.interceptor';
import { SharedCacheModule } from '../src/shared-cache.module';
import { FaultProxy, type PrivateRedis, waitFor } from '../src/testing';
import { startRedis } from './harness';

// Servers are started, killed and waited for; a busy machine takes its time.
jest.setTimeout(30_000);

const MINUTE = 60_000;

let runs = 0;
/** Requests that have reached a service. */
let arrived = 0;

/** Keeps handlers of `/slow` waiting until it is opened. */
class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

let gate: Gate;

@Controller()
class ReportController {
  @Get('report')
  @CacheResponse({ ttlMs: MINUTE })
  report(@Req() request: FastifyRequest, @Query('a') a?: string | string[]) {
    runs += 1;
    return { runs, a, authorization: request.headers.authorization ?? null };
  }

  @Get('public')
  @CacheResponse({ ttlMs: MINUTE, public: true })
  everybody() {
    runs += 1;
    return { runs };
  }

  @Get('brief')
  @CacheResponse({ ttlMs: 80 })
  brief() {
    runs += 1;
    return { runs };
  }

  @Get('nest')
  @UseInterceptors(ResponseCacheInterceptor)
  @CacheTTL(MINUTE)
  nest() {
    runs += 1;
    return { runs };
  }

  @Get('without-life')
  @UseInterceptors(ResponseCacheInterceptor)
  withoutLife() {
    runs += 1;
    return { runs };
  }

  @Get('slow/:outcome')
  @CacheResponse({ ttlMs: MINUTE, public: true })
  async slow(@Param('outcome') outcome: string, @Res({ passthrough: true }) reply: FastifyReply) {
    runs += 1;
    const run = runs;
    await gate.opened;
    if (outcome === 'fails') throw new NotFoundException('vendor knows nothing');
    if (outcome === 'cookie') reply.header('set-cookie', `run=${run}`);
    return { run };
  }

  @Get('cookie')
  @CacheResponse({ ttlMs: MINUTE })
  cookie(@Res({ passthrough: true }) reply: FastifyReply) {
    runs += 1;
    reply.header('set-cookie', 'theme=dark');
    return { runs };
  }

  @Get('created')
  @HttpCode(201)
  @CacheResponse({ ttlMs: MINUTE })
  created() {
    runs += 1;
    return { runs };
  }

  @Get('accepted')
  @CacheResponse({ ttlMs: MINUTE })
  accepted(@Res({ passthrough: true }) reply: FastifyReply) {
    runs += 1;
    reply.code(202);
    return { runs };
  }

  @Get('never')
  @Header('Cache-Control', 'no-store')
  @CacheResponse({ ttlMs: MINUTE })
  never() {
    runs += 1;
    return { runs };
  }

  @Get('stream')
  @CacheResponse({ ttlMs: MINUTE })
  stream() {
    runs += 1;
    return new StreamableFile(Readable.from([`streamed ${runs}`]));
  }

  @Get('bytes')
  @CacheResponse({ ttlMs: MINUTE })
  bytes() {
    runs += 1;
    return Buffer.from(`bytes ${runs}`);
  }

  @Get('nothing')
  @CacheResponse({ ttlMs: MINUTE })
  nothing() {
    runs += 1;
  }

  @Get('huge')
  @CacheResponse({ ttlMs: MINUTE })
  huge() {
    runs += 1;
    return { runs, text: 'x'.repeat(2_000_000) };
  }

  @Get('own-reply')
  @CacheResponse({ ttlMs: MINUTE })
  ownReply(@Res() reply: FastifyReply) {
    runs += 1;
    void reply.send({ runs });
  }

  @Sse('events')
  @CacheResponse({ ttlMs: MINUTE })
  events() {
    return of<MessageEvent>({ data: 'one' });
  }

  @Get('text')
  @CacheResponse({ ttlMs: MINUTE })
  text(@Res({ passthrough: true }) reply: FastifyReply) {
    runs += 1;
    reply.header('content-type', 'text/csv; charset=utf-8').header('x-rows', '2');
    return `run\n${runs}`;
  }

  @Get('value/:kind')
  @CacheResponse({ ttlMs: MINUTE })
  value(@Param('kind') kind: string): unknown {
    return { list: [1, 2], number: 5, truth: false, plain: 'नमस्ते', observable: of({ a: 1 }) }[kind];
  }

  @Post('report')
  @CacheResponse({ ttlMs: MINUTE })
  post() {
    runs += 1;
    return { runs };
  }

  @Get('failing')
  @CacheResponse({ ttlMs: MINUTE })
  failing() {
    runs += 1;
    throw new Error('vendor down');
  }

  @Get('own-headers')
  @CacheResponse({ ttlMs: MINUTE, public: true })
  ownHeaders(@Res({ passthrough: true }) reply: FastifyReply) {
    runs += 1;
    reply.header('cache-control', 'private').header('vary', 'Accept-Encoding');
    return { runs };
  }

  @Get('method')
  @CacheResponse({ ttlMs: MINUTE })
  viaGet() {
    runs += 1;
    return { runs };
  }
}

@Controller('whole')
@CacheResponse({ ttlMs: MINUTE })
class WholeController {
  @Get()
  any() {
    runs += 1;
    return { runs };
  }
}

type Service = Pick<NestFastifyApplication, 'get' | 'close'> & { readonly url: string };

async function service(redis: RedisOptions | undefined, name = 'test'): Promise<Service> {
  @Module({
    imports: [
      SharedCacheModule.forRootAsync({
        parts: { responseCache: true },
        useFactory: () => ({ service: name, redis }),
      }),
    ],
    controllers: [ReportController, WholeController],
  })
  class ServiceModule {}

  const app = await NestFactory.create<NestFastifyApplication>(ServiceModule, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (_request, _reply, done) => {
      arrived += 1;
      done();
    });
  await app.listen(0, '127.0.0.1');
  if (redis) await waitFor(() => app.get(ResponseCacheClient).reachable);
  return { url: await app.getUrl(), get: app.get.bind(app), close: () => app.close() };
}

const ask = (app: Service, path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(app.url + path, { headers, method });

async function read(app: Service, path: string, headers: Record<string, string> = {}) {
  return (await (await ask(app, path, headers)).json()) as { runs: number; [name: string]: unknown };
}

const clear = (app: Service) => app.get<Cache>(CACHE_MANAGER).clear();

/** Opens the gate when all those requests wait before it, or for the one that does. */
async function release(app: Service, requests: number): Promise<void> {
  await waitFor(() => arrived >= requests, { timeoutMs: 20_000 });
  // Redis answers in order: when this one has been through, so have those before it.
  await (await ask(app, '/value/list')).text();
  gate.open();
}

let redis: PrivateRedis;
let one: Service;
let other: Service;

beforeEach(async () => {
  runs = 0;
  arrived = 0;
  gate = new Gate();
  redis = await startRedis();
  [one, other] = await Promise.all([service(redis.options), service(redis.options)]);
});

afterEach(async () => {
  gate.open();
  redis.resume();
  await Promise.all([one.close(), other.close()]);
  await redis.stop();
});

/** Asks until an answer is kept, as its way to Redis is not waited for. */
async function warm(app: Service, path: string, headers: Record<string, string> = {}) {
  return waitFor(async () => {
    const answer = await ask(app, path, headers);
    return answer.headers.get('x-cache') === 'HIT' && answer;
  });
}

describe('response cache', () => {
  it('answers from Redis what another process has answered before', async () => {
    expect(await read(one, '/report')).toMatchObject({ runs: 1 });
    await warm(one, '/report');
    await warm(other, '/report');
    expect(runs).toBe(1);
  });

  it.each(['/report', '/public', '/nest', '/whole', '/text'])('runs the handler of %s once', async (path) => {
    const first = await (await ask(one, path)).text();
    const again = await warm(one, path);
    expect(await again.text()).toBe(first);
    expect(runs).toBe(1);
  });

  it('takes two orders of the same query for one, and two orders of one list for two', async () => {
    await warm(one, '/report?a=1&b=2');
    expect(await read(one, '/report?b=2&a=1')).toMatchObject({ runs: 1 });
    expect(await read(one, '/report?a=2&b=1')).toMatchObject({ runs: 2 });
    expect(await read(one, '/report?a=1&a=2')).toMatchObject({ runs: 3, a: ['1', '2'] });
    expect(await read(one, '/report?a=2&a=1')).toMatchObject({ runs: 4, a: ['2', '1'] });
  });

  it('keeps nothing past its life', async () => {
    await read(one, '/brief');
    await waitFor(async () => (await read(one, '/brief')).runs > 1);
  });

  it('keeps nothing where no life is stated', async () => {
    await read(one, '/without-life');
    expect(await read(one, '/without-life')).toMatchObject({ runs: 2 });
  });

  it('refuses a life that is none when the service starts', () => {
    expect(() => CacheResponse({ ttlMs: 0 })).toThrow(RangeError);
    expect(() => CacheResponse({ ttlMs: Number.NaN })).toThrow(RangeError);
  });

  it('takes garbage in Redis for nothing', async () => {
    await warm(one, '/report');
    const [key = ''] = (await redis.foreign.keys('cache:http:* GET *')).filter((name) =>
      name.includes('/report'),
    );
    for (const garbage of ['', 'garbage', '"text"', 'null', '{"value":{"body":1}}', '[]']) {
      await redis.foreign.set(key, garbage);
      const before = runs;
      expect(await read(other, '/report')).toMatchObject({ runs: before + 1 });
      await warm(other, '/report');
    }
  });
});

describe('whose answer it is', () => {
  it('never gives one caller what was made for another', async () => {
    for (const headers of [
      { authorization: 'Bearer anna' },
      { authorization: 'Bearer ben' },
      { cookie: 'session=anna' },
      { cookie: 'session=ben' },
      { authorization: 'Bearer anna', cookie: 'session=ben' },
      {},
    ] as Record<string, string>[]) {
      const before = runs;
      const answer = await read(one, '/report', headers);
      expect(answer).toMatchObject({ runs: before + 1, authorization: headers['authorization'] ?? null });
      await warm(one, '/report', headers);
      await warm(other, '/report', headers);
      expect(runs).toBe(before + 1);
    }
  });

  it('never gives one caller what is being made for another', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        const authorization = `Bearer user-${at % 8}`;
        return [authorization, await read(one, '/report', { authorization })] as const;
      }),
    );
    for (const [authorization, answer] of answers) expect(answer).toMatchObject({ authorization });
    expect(runs).toBe(8);
  });

  it('never gives one service what another made, nor clears it', async () => {
    const stranger = await service(redis.options, 'another');
    await warm(one, '/report');
    const made = runs;
    expect(await read(stranger, '/report')).toMatchObject({ runs: made + 1 });
    await clear(stranger);
    expect((await ask(one, '/report')).headers.get('x-cache')).toBe('HIT');
    expect(await read(one, '/report')).toMatchObject({ runs: made });
    await stranger.close();
  });

  it('keeps one answer for all where the route says so', async () => {
    await warm(one, '/public', { authorization: 'Bearer anna' });
    expect(await read(one, '/public', { authorization: 'Bearer ben' })).toMatchObject({ runs: 1 });
  });

  it('keeps credentials and queries out of the keys', async () => {
    await warm(one, '/report?a=hunter2', { cookie: 'session=hunter2', authorization: 'Bearer hunter2' });
    expect((await redis.foreign.keys('*')).join()).not.toContain('hunter2');
  });
});

describe('headers of a cached answer', () => {
  it('tag the body, age it, and say who may keep it', async () => {
    const miss = await ask(one, '/report');
    await warm(one, '/report');
    const hit = await warm(other, '/report');
    expect(hit.headers.get('etag')).toMatch(/^"[\w-]{43}"$/);
    expect(hit.headers.get('etag')).toBe(miss.headers.get('etag'));
    expect(hit.headers.get('cache-control')).toBe('private, max-age=60');
    expect(hit.headers.get('vary')).toBe('Authorization, Cookie');
    expect(hit.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(miss.headers.get('age')).toBe('0');
    expect(miss.headers.get('x-cache')).toBe('MISS');
    expect((await ask(one, '/public')).headers.get('cache-control')).toBe('public, max-age=60');
  });

  it('tell the age in whole seconds', async () => {
    await warm(one, '/report');
    await waitFor(async () => (await ask(one, '/report')).headers.get('age') === '1');
  });

  it('change their tag with the body alone', async () => {
    const before = (await warm(one, '/report')).headers.get('etag');
    await clear(one);
    expect((await ask(one, '/report')).headers.get('etag')).not.toBe(before);
    const list = (await ask(one, '/value/list')).headers.get('etag');
    await clear(one);
    expect((await ask(one, '/value/list')).headers.get('etag')).toBe(list);
  });

  it('hold what the handler said, on a hit as on a miss', async () => {
    await warm(one, '/text');
    const hit = await warm(other, '/text');
    expect(hit.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(hit.headers.get('x-rows')).toBe('2');
    expect(await hit.text()).toBe('run\n1');
  });

  it.each([
    ['the tag', (tag: string) => tag],
    ['the tag as a proxy weakened it', (tag: string) => `W/${tag}`],
    ['the tag among others', (tag: string) => `"other", ${tag}`],
    ['anything', () => '*'],
  ])('spare the body of a caller that holds %s', async (_title, toHeader) => {
    const tag = (await ask(one, '/report')).headers.get('etag') ?? '';
    const answer = await ask(one, '/report', { 'if-none-match': toHeader(tag) });
    expect(answer.status).toBe(304);
    expect(await answer.text()).toBe('');
    expect(answer.headers.get('etag')).toBe(tag);
    expect(answer.headers.get('content-type')).toBeNull();
    expect(runs).toBe(1);
  });

  it('are those of the handler also where the body is spared', async () => {
    const hit = await warm(one, '/own-headers');
    const spared = await ask(one, '/own-headers', { 'if-none-match': hit.headers.get('etag') ?? '' });
    expect(spared.status).toBe(304);
    for (const name of ['cache-control', 'vary', 'etag']) {
      expect(spared.headers.get(name)).toBe(hit.headers.get(name));
    }
    expect(spared.headers.get('cache-control')).toBe('private');
  });

  it('spare the body on a miss, too', async () => {
    const tag = (await ask(one, '/value/list')).headers.get('etag') ?? '';
    await clear(one);
    expect((await ask(one, '/value/list', { 'if-none-match': tag })).status).toBe(304);
  });

  it('send the body to a caller that holds another', async () => {
    await warm(one, '/report');
    expect((await ask(one, '/report', { 'if-none-match': '"other"' })).status).toBe(200);
  });
});

describe('what is answered', () => {
  it.each([
    ['list', '[1,2]'],
    ['number', '5'],
    ['truth', 'false'],
    ['plain', 'नमस्ते'],
    ['observable', '{"a":1}'],
  ])('is on a hit what it was on a miss: %s', async (kind, body) => {
    const miss = await ask(one, `/value/${kind}`);
    const hit = await warm(other, `/value/${kind}`);
    expect([await miss.text(), await hit.text()]).toEqual([body, body]);
    expect(hit.headers.get('content-type')).toBe(miss.headers.get('content-type'));
  });

  it.each([
    ['/created', 201],
    ['/accepted', 202],
    ['/failing', 500],
    ['/cookie', 200],
    ['/never', 200],
    ['/stream', 200],
    ['/bytes', 200],
    ['/nothing', 200],
    ['/huge', 200],
    ['/own-reply', 200],
  ])('is not kept: %s', async (path, status) => {
    for (const run of [1, 2, 3]) {
      const answer = await ask(one, path);
      expect(answer.status).toBe(status);
      if (path === '/stream') expect(await answer.text()).toBe(`streamed ${run}`);
      if (path === '/bytes') expect(await answer.text()).toBe(`bytes ${run}`);
      if (path === '/cookie') expect(answer.headers.get('set-cookie')).toBe('theme=dark');
      expect(runs).toBe(run);
    }
    expect(await redis.foreign.keys('cache:http:* GET *')).toEqual([]);
  });

  it('flows where the route is a stream of events', async () => {
    expect(await (await ask(one, '/events')).text()).toContain('data: one');
  });

  it('is not kept for writes', async () => {
    await ask(one, '/report', {}, 'POST');
    expect(await read(one, '/report')).toMatchObject({ runs: 2 });
    await ask(one, '/report', {}, 'POST');
    expect(runs).toBe(3);
  });

  it('is to HEAD what it is to GET, without the body', async () => {
    const head = await ask(one, '/method', {}, 'HEAD');
    const get = await warm(one, '/method');
    expect(await head.text()).toBe('');
    for (const name of ['etag', 'content-type', 'cache-control', 'content-length'])
      expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
    const held = await ask(one, '/method', { 'if-none-match': get.headers.get('etag') ?? '' }, 'HEAD');
    expect(held.status).toBe(304);
    expect(runs).toBe(1);
  });
});

describe('requests at once', () => {
  it('run the handler once, a thousand of them', async () => {
    const answers = Promise.all(Array.from({ length: 1_000 }, () => read(one, '/slow/well')));
    await release(one, 1_000);
    for (const answer of await answers) expect(answer).toEqual({ run: 1 });
    expect(runs).toBe(1);
  });

  it('fail together when the handler fails, and nothing of it is kept', async () => {
    const answers = Promise.all(Array.from({ length: 50 }, () => ask(one, '/slow/fails')));
    await release(one, 50);
    for (const { status } of await answers) expect(status).toBe(404);
    expect(runs).toBe(1);
    expect((await ask(one, '/slow/fails')).status).toBe(404);
    expect(runs).toBe(2);
  });

  it('get their own answers where one is not for others', async () => {
    const answers = Promise.all(Array.from({ length: 20 }, () => ask(one, '/slow/cookie')));
    await release(one, 20);
    const cookies = (await answers).map((answer) => answer.headers.get('set-cookie'));
    expect(new Set(cookies).size).toBe(20);
  });
});

describe('clearing', () => {
  it('makes all responses count as gone, in every process, and touches nothing else', async () => {
    await redis.foreign.set('cache:quotes:A', 'x');
    for (let at = 0; at < 20; at += 1) await warm(one, `/report?a=${at}`);
    await warm(other, '/public');
    const before = runs;
    await clear(one);
    expect(await read(other, '/report?a=7')).toMatchObject({ runs: before + 1 });
    expect(await read(one, '/public')).toMatchObject({ runs: before + 2 });
    expect(await redis.foreign.get('cache:quotes:A')).toBe('x');
  });

  it('costs Redis one command, whatever is kept', async () => {
    await warm(one, '/report');
    await redis.foreign.config('RESETSTAT');
    await clear(one);
    const commands = await redis.foreign.info('commandstats');
    expect(commands).toContain('cmdstat_set:calls=1');
    expect(commands).not.toMatch(/cmdstat_(keys|scan|flush\w+|del|unlink)/);
  });

  it('covers an answer that is being made meanwhile, elsewhere too', async () => {
    const slow = read(other, '/slow/well');
    await waitFor(() => runs === 1);
    await clear(one);
    gate.open();
    expect(await slow).toEqual({ run: 1 });
    expect(await read(other, '/slow/well')).toEqual({ run: 2 });
  });

  it('lets nobody who asks after it wait for an answer begun before it', async () => {
    const before = read(one, '/slow/well');
    await waitFor(() => runs === 1);
    const old = gate;
    gate = new Gate();
    gate.open();
    await clear(other);
    expect(await read(one, '/slow/well')).toEqual({ run: 2 });
    old.open();
    expect(await before).toEqual({ run: 1 });
    expect(await read(one, '/slow/well')).toEqual({ run: 2 });
  });

  it('holds after FLUSHALL', async () => {
    await warm(one, '/report');
    await redis.foreign.flushall();
    expect(await read(one, '/report')).toMatchObject({ runs: 2 });
    await warm(one, '/report');
    await warm(other, '/report');
    expect(runs).toBe(2);
  });

  it('made while Redis is away counts here at once, and everywhere when Redis is back', async () => {
    await warm(one, '/report');
    redis.pause();
    await waitFor(() => !one.get(RedisConnection).available);
    const away = await read(one, '/report');
    await clear(one);
    const cleared = await read(one, '/report');
    expect(cleared.runs).toBeGreaterThan(away.runs);
    redis.resume();
    await waitFor(() => one.get(ResponseCacheClient).reachable && other.get(ResponseCacheClient).reachable);
    // What Redis held all along is not served again.
    await waitFor(async () => (await read(one, '/report')).runs > cleared.runs);
    expect((await read(other, '/report')).runs).toBeGreaterThan(cleared.runs);
  });
});

describe('without Redis', () => {
  it.each([
    ['died', (server: PrivateRedis) => server.kill()],
    ['hangs', async (server: PrivateRedis) => server.pause()],
  ])('goes on from memory without waiting when it %s', async (_title, breakIt) => {
    await warm(one, '/report');
    await breakIt(redis);
    await waitFor(() => !one.get(RedisConnection).available);
    const asked = performance.now();
    const { runs: run } = await read(one, '/report');
    expect(performance.now() - asked).toBeLessThan(500);
    await warm(one, '/report');
    expect(runs).toBe(run);
  });

  it('waits but shortly in the moment it begins to hang', async () => {
    await warm(one, '/report');
    redis.pause();
    const asked = performance.now();
    expect((await ask(one, '/report')).status).toBe(200);
    // The promise is 45 ms per question, of which there are two.
    expect(performance.now() - asked).toBeLessThan(500);
  });

  it('is used again when it is back', async () => {
    await redis.kill();
    await waitFor(() => !one.get(RedisConnection).available);
    await warm(one, '/report');
    await redis.start();
    await waitFor(() => one.get(ResponseCacheClient).reachable && other.get(ResponseCacheClient).reachable);
    await warm(one, '/report');
    const before = runs;
    await warm(other, '/report');
    expect(runs).toBe(before);
  });

  it('keeps answers in this process where none is configured, and clears them', async () => {
    const alone = await service(undefined);
    await read(alone, '/report');
    await warm(alone, '/report');
    expect(runs).toBe(1);
    await clear(alone);
    expect(await read(alone, '/report')).toMatchObject({ runs: 2 });
    await alone.close();
  });

  it('connects anew when its own connection was cut off without a word', async () => {
    const proxy = await FaultProxy.to(redis.port);
    const behind = await service({ host: '127.0.0.1', port: proxy.port });
    await warm(behind, '/report');
    proxy.halfOpen('test-responses');
    // The other connections of the process work, so nothing else tells.
    expect((await ask(behind, '/report')).status).toBe(200);
    await waitFor(async () => {
      await warm(behind, '/report');
      return true;
    });
    expect(behind.get(RedisConnection).available).toBe(true);
    await behind.close();
    await proxy.close();
  });
});
