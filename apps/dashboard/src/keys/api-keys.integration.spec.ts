import { serviceKeyOf } from '@tickbridge/service-bootstrap';
import { until } from '@tickbridge/shared-cache/testing';
import { KEY, TestDashboard } from '../testing/dashboard';

describe('keys of scripts', () => {
  let test: TestDashboard;
  let admin: string;

  beforeAll(async () => {
    test = await TestDashboard.start();
    admin = await test.signIn();
  });

  afterEach(() => {
    test.service.received.length = 0;
    test.service.answers.clear();
  });

  afterAll(() => test.stop());

  async function make(name: string, scope: string) {
    const { body } = await test.call('post', '/keys', admin).send({ name, scope }).expect(201);
    const { id, key } = body as { id: string; key: string };
    expect(key).toMatch(/^tbk_[\w-]{43}$/);
    return { id, bearer: `Bearer ${key}`, key };
  }

  it.each([
    ['read', 'get', '/orders', 200],
    ['read', 'post', '/trading/halt', 403],
    ['trade', 'post', '/trading/halt', 200],
    ['trade', 'put', '/risk/limits', 403],
    ['admin', 'put', '/risk/limits', 200],
  ] as const)('of scope %s that call %s %s get %s', async (scope, method, path, status) => {
    const { bearer } = await make(`${scope}-${method}-${status}`, scope);
    test.service.answers.set(`${method.toUpperCase()} /api/v1${path}`, { body: {} });
    await test
      .call(method, path, bearer)
      .send(method === 'get' ? undefined : { reason: 'r' })
      .expect(status);
  });

  it('act under the name of the key, whatever body or header says', async () => {
    const { bearer } = await make('rebalancer', 'trade');
    test.service.answers.set('POST /api/v1/trading/halt', { body: {} });
    await test
      .call('post', '/trading/halt', bearer)
      .set('x-user', 'mira')
      .send({ by: 'mira', reason: 'r' })
      .expect(200);
    expect(test.service.received[0]?.body).toEqual({ by: 'key:rebalancer', reason: 'r' });
    await test.call('post', '/trading/halt', `Bearer ${KEY}`).send({ by: 'mira', reason: 'r' }).expect(200);
    expect(test.service.received[1]?.body).toEqual({ by: 'internal-key', reason: 'r' });
  });

  it('are stored as hashes, listed without themselves, and say when they were used', async () => {
    const { key, bearer, id } = await make('used', 'read');
    await test.call('get', '/auth/me', bearer).expect(200);
    const { body, text } = await test.call('get', '/keys', admin).expect(200);
    expect(text).not.toContain(key);
    expect(
      (body as { id: string; lastUsedAt: string | null }[]).find((one) => one.id === id)?.lastUsedAt,
    ).not.toBeNull();
    const { rows } = await test.sql('select * from identity.api_keys');
    expect(JSON.stringify(rows)).not.toContain(key.slice(4));
  });

  it('end at once, at every instance, with their live streams', async () => {
    const { bearer, id } = await make('revoked', 'read');
    const other = await test.startInstance({});
    const stream = await fetch(`${test.addressOf(other)}/api/v1/stream`, {
      headers: { authorization: bearer },
    });
    let ended = false;
    const reading = (async () => {
      for await (const chunk of stream.body ?? []) void chunk;
      ended = true;
    })();
    await test.call('delete', `/keys/${id}`, admin).expect(204);
    await test.call('get', '/orders', bearer, other).expect(401);
    await until('the stream has ended', () => ended);
    await reading;
    await test.call('delete', `/keys/${id}`, admin).expect(404);
  });

  it('expire', async () => {
    const { bearer, id } = await make('expired', 'read');
    await test.call('get', '/auth/me', bearer).expect(200);
    await test.sql('update identity.api_keys set expires_at = now() where id = $1', [id]);
    await test.call('get', '/auth/me', bearer).expect(401);
  });

  it('bear a name nobody else has, now or before', async () => {
    const { id } = await make('unique', 'read');
    await test.call('delete', `/keys/${id}`, admin).expect(204);
    await test
      .call('post', '/keys', admin)
      .send({ name: 'unique', scope: 'read' })
      .expect(409, /KEY_NAME_TAKEN/);
  });

  it.each([
    ['of the services', serviceKeyOf(KEY)],
    ['made up', `tbk_${'A'.repeat(43)}`],
    ['of another form', 'tbk_short'],
  ])('that are %s open nothing here', async (_what, key) => {
    await test.call('get', '/orders', `Bearer ${key}`).expect(401);
    await test.call('post', '/trading/halt', `Bearer ${key}`).send({ reason: 'r' }).expect(401);
  });
});
