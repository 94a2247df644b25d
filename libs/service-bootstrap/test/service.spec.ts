import { Body, Controller, Get, Module, Param, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { createApp, HealthRegistry, ProblemException, serviceKeyOf, type ServiceConfig } from '../src';

const orderSchema = z.strictObject({
  by: z.string().optional(),
  quantity: z.number().positive(),
  leg: z.object({ symbol: z.string() }),
});

@Controller('api/v1')
class TestController {
  @Get('page')
  page(
    @Query({ schema: z.object({ count: z.coerce.number().int().max(5).default(3) }) })
    query: {
      count: number;
    },
  ) {
    return query;
  }

  @Post('orders')
  order(@Body({ schema: orderSchema }) order: z.infer<typeof orderSchema>) {
    return order;
  }

  @Get('things/:id')
  thing(@Param('id') id: string) {
    throw new ProblemException(404, 'THING_UNKNOWN', `there is no thing ${id}`);
  }

  @Get('broken')
  broken() {
    throw new Error('the database said: password hunter2');
  }
}

@Module({ controllers: [TestController] })
class TestModule {}

const KEY = 'a-key-of-at-least-16-characters';
const config: ServiceConfig = {
  port: 0,
  portVariable: 'TEST_PORT',
  bindAddress: '127.0.0.1',
  logLevel: 'silent',
  logPretty: false,
  internalApiKey: KEY,
  serviceKey: serviceKeyOf(KEY),
  installation: { id: 'test', prefix: '', busKey: Buffer.alloc(32) },
  redis: undefined,
};
const start = (overrides: Partial<ServiceConfig> = {}) =>
  createApp(
    {
      name: 'test',
      title: 'Test',
      description: 'A service',
      readConfig: () => config,
      module: () => TestModule,
    },
    { ...config, ...overrides },
    false,
  );
const authorization = `Bearer ${KEY}`;

describe('a service', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await start();
  });

  afterAll(() => app.close());

  const post = (payload: string | object, headers: Record<string, string> = { authorization }) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/orders',
      payload,
      headers: { 'content-type': 'application/json', ...headers },
    });

  it('is alive, ready, measured and documented', async () => {
    expect((await app.inject('/health/live')).json()).toMatchObject({ status: 'up', service: 'test' });
    expect((await app.inject('/health/ready')).json()).toEqual({
      status: 'up',
      service: 'test',
      dependencies: {},
    });
    expect((await app.inject('/metrics')).body).toContain('http_request_duration_seconds_bucket');
    expect((await app.inject('/docs')).statusCode).toBe(200);
    const docs = (await app.inject('/docs-json')).json<{ paths: Record<string, { post?: object }> }>();
    expect(JSON.stringify(docs.paths['/api/v1/orders']?.post)).toContain('"quantity"');
  });

  it('converts and defaults what comes in the query', async () => {
    expect((await app.inject('/api/v1/page?count=4')).json()).toEqual({ count: 4 });
    expect((await app.inject('/api/v1/page')).json()).toEqual({ count: 3 });
  });

  it('names each refused field, unknown ones included', async () => {
    const answer = await post({ quantity: -1, leg: {}, extra: 1 });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const problem = answer.json<{ code: string; fields: { field: string }[] }>();
    expect(problem.code).toBe('INVALID_INPUT');
    expect(problem.fields.map(({ field }) => field).sort()).toEqual(['extra', 'leg.symbol', 'quantity']);
  });

  it.each([
    ['a body that is no JSON', '{"quantity":', 400],
    ['a body over the limit', JSON.stringify({ quantity: 1, pad: 'x'.repeat(70_000) }), 413],
  ])('refuses %s with a problem document', async (_title, body, status) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ status, title: expect.any(String), code: expect.any(String) });
  });

  it('answers a known failure with its code, an unknown path with 404, and an unexpected one without details', async () => {
    expect((await app.inject('/api/v1/things/7')).json()).toMatchObject({
      status: 404,
      code: 'THING_UNKNOWN',
      type: 'urn:tickbridge:problem:thing-unknown',
      instance: '/api/v1/things/7',
    });
    expect((await app.inject('/nowhere?token=x')).json()).toMatchObject({
      status: 404,
      instance: '/nowhere',
    });
    const broken = await app.inject('/api/v1/broken');
    expect(broken.json()).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' });
    expect(broken.body).not.toContain('hunter2');
  });

  it.each([{}, { authorization: 'Bearer wrong' }, { authorization: KEY }, { authorization: 'Basic eDp5' }])(
    'refuses a write with %j',
    async (headers) => {
      const answer = await post({ quantity: 1, leg: { symbol: 'A' } }, headers as Record<string, string>);
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'INTERNAL_KEY_REQUIRED' });
    },
  );

  it('lets another service say for whom it calls, and names a script by its key', async () => {
    const body = { by: 'mira', quantity: 1, leg: { symbol: 'A' } };
    const service = { authorization: `Bearer ${serviceKeyOf(KEY)}` };
    expect((await post(body, service)).json()).toMatchObject({ by: 'mira' });
    expect((await post(body)).json()).toMatchObject({ by: 'internal-key' });
    expect((await post({ ...body, by: '' })).json()).toMatchObject({ by: '' });
  });

  it('takes a write with the key', async () => {
    expect((await post({ quantity: 1, leg: { symbol: 'A' } })).statusCode).toBe(201);
  });
});

describe('a service bound beyond loopback', () => {
  it('needs the key for every call', async () => {
    const app = await start({ bindAddress: '0.0.0.0' });
    for (const url of ['/health/live', '/api/v1/page', '/metrics', '/docs-json']) {
      expect((await app.inject(url)).statusCode).toBe(401);
      expect((await app.inject({ url, headers: { authorization } })).statusCode).toBe(200);
    }
    await app.close();
  });
});

describe('readiness', () => {
  it('is up, degraded or down by its dependencies, and a check that fails counts as down', async () => {
    const health = new HealthRegistry();
    health.register('feed', () => ({ status: 'up' }));
    expect((await health.readiness('x')).status).toBe('up');
    health.register('redis', () => ({ status: 'degraded', detail: 'away' }));
    expect((await health.readiness('x')).status).toBe('degraded');
    health.register('database', () => Promise.reject(new Error('refused')));
    expect(await health.readiness('x')).toEqual({
      status: 'down',
      service: 'x',
      dependencies: {
        feed: { status: 'up' },
        redis: { status: 'degraded', detail: 'away' },
        database: { status: 'down', detail: 'refused' },
      },
    });
  });

  it('does not wait for a check that never answers', async () => {
    const health = new HealthRegistry();
    health.register('stuck', () => new Promise(() => undefined));
    expect((await health.readiness('x')).dependencies['stuck']?.detail).toMatch(/no answer within/);
  });
});
