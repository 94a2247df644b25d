import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTestDatabase, Database, type TestDatabase } from '@tickbridge/database';
import { createApp } from '@tickbridge/service-bootstrap';
import request from 'supertest';
import { dashboard } from '../dashboard.definition';
import { ScriptedService } from '../testing/services';

const KEY = 'a-key-for-the-tests';
const PASSWORD = 'correct horse battery';
const LOGIN = '/api/v1/accounts/MASTER_USER_001/login';
const RETURN = { state: 'MASTER_USER_001.abc', requestToken: 'a-request-token-of-today' };

describe('the login at a broker', () => {
  const directory = mkdtempSync(join(tmpdir(), 'broker-login-'));
  const orchestrator = new ScriptedService();
  let database: TestDatabase;
  let app: NestFastifyApplication;
  const http = () => request(app.getHttpServer());

  const signIn = async () => {
    const login = { username: 'admin', password: PASSWORD };
    const response = await http().post('/api/v1/auth/login').send(login);
    return { status: response.status, cookie: response.headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
  };

  beforeAll(async () => {
    database = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    const config = dashboard.readConfig({
      DATA_DIR: directory,
      DATABASE_URL: database.url,
      INTERNAL_API_KEY: KEY,
      ADMIN_PASSWORD: PASSWORD,
      ORCHESTRATOR_HTTP_URL: await orchestrator.listen(),
    });
    app = await createApp(dashboard, config, false);
    await app.listen(0, '127.0.0.1');
    await app.get(Database).whenReady();
    while ((await signIn()).status !== 200);
    orchestrator.answers.set(`GET ${LOGIN}`, { body: { url: 'https://broker', expiresAt: 'soon' } });
    orchestrator.answers.set('POST /api/v1/accounts/login', { body: { state: 'valid' } });
  });

  afterEach(() => (orchestrator.received.length = 0));

  afterAll(async () => {
    await app.close();
    await orchestrator.close();
    await database.drop();
    rmSync(directory, { recursive: true });
  });

  const begunFor = async (cookie: string) => {
    await http().get(LOGIN).set('cookie', cookie).expect(200);
    return new URL(orchestrator.received.at(-1)?.url ?? '', 'http://x').searchParams.get('session');
  };
  const completedFor = async (cookie: string, more: object = {}) => {
    await http()
      .post('/api/v1/accounts/login')
      .set('cookie', cookie)
      .send({ ...RETURN, ...more })
      .expect(200);
    return (orchestrator.received.at(-1)?.body as { session: string }).session;
  };

  it('is bound to the session that begins it, whatever a browser says', async () => {
    const [{ cookie: one }, { cookie: other }] = [await signIn(), await signIn()];
    const session = await begunFor(one);
    expect(session).toMatch(/^[0-9a-f]{64}$/);
    expect(one).not.toContain(session as string);
    expect(await completedFor(one)).toBe(session);
    expect(await completedFor(other)).not.toBe(session);
    expect(await completedFor(other, { session })).not.toBe(session);
  });

  it('is nobody’s without a session, and no other site’s', async () => {
    await http().get(LOGIN).expect(401);
    await http().post('/api/v1/accounts/login').send(RETURN).expect(401);
    const { cookie } = await signIn();
    const foreign = await http()
      .post('/api/v1/accounts/login')
      .set('cookie', cookie)
      .set('sec-fetch-site', 'cross-site')
      .send(RETURN)
      .expect(403);
    expect(foreign.body).toMatchObject({ code: 'CROSS_SITE_REQUEST' });
    expect(orchestrator.received).toEqual([]);
  });

  it('comes back to a page that browsers reach from another site, where no strict cookie comes along', async () => {
    const page = await http()
      .get('/broker-login?state=1&request_token=2')
      .set('sec-fetch-site', 'cross-site');
    // 503 where the pages have not been built.
    expect([200, 503]).toContain(page.status);
    expect(page.text).not.toContain('request_token=2');
  });
});
