import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Body, Controller, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { chromium } from 'playwright-core';
import { z } from 'zod';
import { createApp, serviceKeyOf, type ServiceConfig } from '../src';
import { requiredVariable } from '../src/testing';

@Controller('api/v1')
class EchoController {
  @Post('echo')
  echo(@Body({ schema: z.looseObject({}) }) body: object) {
    return body;
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

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

async function started(overrides: Partial<ServiceConfig> = {}): Promise<NestFastifyApplication> {
  const merged = { ...config, ...overrides };
  const identity = { name: 'test', title: 'Test', description: 'A service' };
  const app = await createApp(
    { ...identity, readConfig: () => merged, module: () => EchoModule },
    merged,
    false,
  );
  await app.listen(0, merged.bindAddress);
  return app;
}

const portOf = (app: NestFastifyApplication) =>
  ((app.getHttpServer() as { address(): unknown }).address() as AddressInfo).port;

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** A request as a browser that was led here under another name sends it. */
function call(
  app: NestFastifyApplication,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const outgoing = request(
      { host: '127.0.0.1', port: portOf(app), path, method, headers, setHost: false },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

describe('the host a service is called by', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await started({ allowedHosts: ['market-data', 'desk.example.com'] });
  });

  afterAll(() => app.close());

  it.each([
    'localhost',
    'LOCALHOST:8001',
    '127.0.0.1:1',
    '[::1]:8001',
    'market-data:8001',
    'desk.example.com.',
  ])('may be %s', async (host) => {
    expect((await call(app, '/health/ready', { host })).status).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:8001',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '10.0.0.1',
    '',
  ])('may not be "%s"', async (host) => {
    for (const path of ['/health/ready', '/metrics', '/docs', '/nowhere']) {
      const answer = await call(app, path, { host });
      expect(answer.status).toBe(421);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    }
  });

  it('does not matter to a probe for life', async () => {
    expect((await call(app, '/health/live', { host: '10.1.2.3:8001' })).status).toBe(200);
  });

  it('may be the address a connection came in on, where the service listens on all of them', async () => {
    const everywhere = await started({ bindAddress: '0.0.0.0' });
    const authorization = `Bearer ${KEY}`;
    expect((await call(everywhere, '/metrics', { host: '127.0.0.1', authorization })).status).toBe(200);
    expect((await call(everywhere, '/metrics', { host: '10.9.8.7', authorization })).status).toBe(421);
    await everywhere.close();
  });
});

describe('what every service tells browsers', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await started({ behindTls: true });
  });

  afterAll(() => app.close());

  it.each(['/health/ready', '/docs-json', '/nowhere', '/docs'])('is told with %s', async (path) => {
    const { headers } = await call(app, path, { host: 'localhost' });
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'strict-transport-security': expect.stringContaining('max-age'),
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
    expect(headers['content-security-policy']).not.toContain('unsafe-inline');
  });

  it('leaves the API page whole: nothing of it is refused by its own policy', async () => {
    const open = await started();
    const browser = await chromium.launch({
      executablePath: requiredVariable('TEST_CHROMIUM'),
      args: ['--no-sandbox'],
    });
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${portOf(open)}/docs`);
    await page.getByText('/api/v1/echo').waitFor();
    expect(complaints).toEqual([]);
    await browser.close();
    await open.close();
  }, 60_000);
});

describe('nested input', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await started();
  });

  afterAll(() => app.close());

  const post = (body: string) =>
    call(
      app,
      '/api/v1/echo',
      {
        host: 'localhost',
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      },
      body,
    );
  const nested = (depth: number, open: string, close: string) =>
    `{"a":${open.repeat(depth)}1${close.repeat(depth)}}`;

  it.each([
    ['lists', nested(30_000, '[', ']')],
    ['objects', nested(8_000, '{"a":', '}')],
    ['lists just too deep', nested(33, '[', ']')],
  ])('of thousands of %s is refused with 400', async (_what, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'INPUT_TOO_DEEP' });
  });

  it('of common depth is taken', async () => {
    expect((await post(nested(20, '[', ']'))).status).toBe(201);
  });

  it('in a query is text, however many brackets it has', async () => {
    const answer = await call(app, `/health/ready?a${'[b]'.repeat(3_000)}=1`, { host: 'localhost' });
    expect(answer.status).toBe(200);
  });
});
