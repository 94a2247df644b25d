import { TOTP } from 'otpauth';
import { until } from '@tickbridge/shared-cache/testing';
import { KEY, PASSWORD, TestDashboard } from '../testing/dashboard';

const INTERNAL = `Bearer ${KEY}`;

describe('users and their roles', () => {
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

  it('lets the user who was there before do everything', async () => {
    const { body } = await test.call('get', '/auth/me', admin).expect(200);
    expect(body).toMatchObject({ name: 'admin', role: 'admin', secondFactor: 'off' });
  });

  it.each([
    ['viewer', 'get', '/orders', 200],
    ['viewer', 'post', '/orders', 403],
    ['viewer', 'post', '/trading/halt', 403],
    ['viewer', 'get', '/accounts/tokens', 403],
    ['viewer', 'patch', '/strategies/momentum', 403],
    ['trader', 'post', '/trading/halt', 200],
    ['trader', 'patch', '/strategies/momentum', 200],
    ['trader', 'patch', '/accounts/A', 403],
    ['trader', 'put', '/risk/limits', 403],
    ['trader', 'get', '/users', 403],
    ['trader', 'get', '/audit', 403],
    ['trader', 'get', '/nowhere', 403],
    ['admin', 'put', '/risk/limits', 200],
    ['admin', 'get', '/nowhere', 404],
  ] as const)('a %s who calls %s %s gets %s', async (role, method, path, status) => {
    const name = `${role}-${method}-${path.replace(/\W/g, '')}`;
    await test.addUser(admin, name, role);
    const cookie = await test.signIn(name);
    test.service.answers.set(`${method.toUpperCase()} /api/v1${path}`, { body: {} });
    const { body } = await test
      .call(method, path, cookie)
      .send(method === 'get' ? undefined : { reason: 'r' })
      .expect(status);
    if (status === 403) expect(body).toMatchObject({ code: 'ROLE_TOO_LOW' });
    expect(test.service.received).toHaveLength(status === 200 ? 1 : 0);
  });

  it('acts on open sessions at once when a role changes', async () => {
    const id = await test.addUser(admin, 'promoted', 'viewer');
    const cookie = await test.signIn('promoted');
    await test.call('post', '/trading/halt', cookie).send({ reason: 'r' }).expect(403);
    await test.call('patch', `/users/${id}`, admin).send({ role: 'trader' }).expect(200);
    test.service.answers.set('POST /api/v1/trading/halt', { body: {} });
    await test.call('post', '/trading/halt', cookie).send({ reason: 'r', by: 'mallory' }).expect(200);
    expect(test.service.received[0]?.body).toEqual({ by: 'promoted', reason: 'r' });
    await test.call('patch', `/users/${id}`, admin).send({ role: 'viewer' }).expect(200);
    await test.call('post', '/trading/halt', cookie).send({ reason: 'r' }).expect(403);
  });

  async function openStream(cookie: string, address = test.addressOf()) {
    const stream = await fetch(`${address}/api/v1/stream`, { headers: { cookie } });
    expect(stream.status).toBe(200);
    const state = { ended: false };
    void (async () => {
      for await (const chunk of stream.body ?? []) void chunk;
      state.ended = true;
    })();
    return state;
  }

  it('ends sessions and live streams of a disabled user, at every instance', async () => {
    const id = await test.addUser(admin, 'leaver', 'trader');
    const other = await test.startInstance({});
    const cookie = await test.signIn('leaver');
    const [here, there] = [await openStream(cookie), await openStream(cookie, test.addressOf(other))];
    await test.call('patch', `/users/${id}`, admin).send({ enabled: false }).expect(200);
    await until('the stream here has ended', () => here.ended);
    await until('the stream at the other instance has ended', () => there.ended);
    await test.call('get', '/auth/me', cookie, other).expect(401);
    const refused = await test.login('leaver', PASSWORD).expect(401);
    expect(refused.body).toMatchObject({ code: 'WRONG_CREDENTIALS' });
    await test.call('patch', `/users/${id}`, admin).send({ enabled: true }).expect(200);
    await test.call('get', '/auth/me', cookie).expect(401);
    await test.signIn('leaver');
  });

  it('keeps one enabled admin, also when two demote one another at the same moment', async () => {
    const { body } = await test.call('get', '/users', admin).expect(200);
    const users = body as { id: string; name: string; role: string }[];
    // Those that other tests have made.
    for (const { id, name, role } of users) {
      if (role !== 'admin' || name === 'admin') continue;
      await test.call('patch', `/users/${id}`, admin).send({ enabled: false }).expect(200);
    }
    const first = users.find(({ name }) => name === 'admin')?.id ?? '';
    await test
      .call('patch', `/users/${first}`, admin)
      .send({ role: 'viewer' })
      .expect(409, /LAST_ADMIN/);
    await test
      .call('patch', `/users/${first}`, admin)
      .send({ enabled: false })
      .expect(409, /LAST_ADMIN/);
    const second = await test.addUser(admin, 'second-admin', 'admin');
    const outcomes = await Promise.all(
      [first, second].map((id) => test.call('patch', `/users/${id}`, INTERNAL).send({ role: 'viewer' })),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 409]);
    await test.call('patch', `/users/${first}`, INTERNAL).send({ role: 'admin' });
    await test.call('patch', `/users/${second}`, INTERNAL).send({ role: 'admin' });
  });

  it.each([
    ['internal-key', 400],
    ['key:x', 400],
    ['ADMIN', 409],
    ['', 400],
  ])('refuses a user named "%s"', async (name, status) => {
    await test.call('post', '/users', admin).send({ name, role: 'viewer' }).expect(status);
  });

  it('ends all other sessions when a password changes, and lets nobody in with the old one', async () => {
    await test.addUser(admin, 'changer', 'viewer');
    const [mine, other] = [await test.signIn('changer'), await test.signIn('changer')];
    const next = 'another long password';
    await test.call('post', '/auth/password', mine).send({ current: 'wrong', next }).expect(401);
    await test.call('post', '/auth/password', mine).send({ current: PASSWORD, next: 'short' }).expect(400);
    await test.call('post', '/auth/password', mine).send({ current: PASSWORD, next }).expect(204);
    await test.call('get', '/auth/me', mine).expect(200);
    await test.call('get', '/auth/me', other).expect(401);
    await test.login('changer', PASSWORD).expect(401);
    await test.signIn('changer', next);
  });

  it('hashes a password of an earlier version anew at sign-in', async () => {
    await test.addUser(admin, 'old-hash', 'viewer');
    const scrypt = 'scrypt$32768$8$1$AAAAAAAAAAAAAAAAAAAAAA$Y8MYoqnX4lWGWuAOv64MBPfBINQKVV0WkGusAfOtPo4';
    await test.sql(`update identity.users set password_hash = $1 where name = 'old-hash'`, [scrypt]);
    await test.signIn('old-hash', 'correct horse');
    const { rows } = await test.sql(`select password_hash from identity.users where name = 'old-hash'`);
    expect(rows).toEqual([{ password_hash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/) }]);
    await test.signIn('old-hash', 'correct horse');
  });

  describe('a fresh proof of identity', () => {
    const acts = [
      ['patch', '/accounts/A', { armed: true, by: 'x', reason: 'r' }],
      ['put', '/risk/limits', { reason: 'r' }],
      ['post', '/trading/flatten', { reason: 'r' }],
      ['get', '/accounts/A/token', undefined],
      ['post', '/users', { name: 'never', role: 'viewer' }],
      ['post', '/keys', { name: 'never', scope: 'read' }],
    ] as const;

    it.each(acts)('is needed for %s %s', async (method, path, body) => {
      const cookie = await test.signIn();
      await test.ageProofs();
      const refused = await test.call(method, path, cookie).send(body).expect(403);
      expect(refused.body).toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
      expect(test.service.received).toEqual([]);
      await test
        .call('post', '/auth/confirm', cookie)
        .send({ password: 'wrong' })
        .expect(401, /WRONG_PROOF/);
      await test.call('post', '/auth/confirm', cookie).send({ password: PASSWORD }).expect(204);
      test.service.answers.set(`${method.toUpperCase()} /api/v1${path}`, { body: {} });
      if (path.startsWith('/accounts') || path.startsWith('/trading') || path.startsWith('/risk')) {
        await test.call(method, path, cookie).send(body).expect(200);
      }
    });

    it.each([
      ['disarming', 'patch', '/accounts/A', { armed: false, reason: 'r' }],
      ['halting', 'post', '/trading/halt', { reason: 'r' }],
    ] as const)('is not waited for by %s', async (_what, method, path, body) => {
      const cookie = await test.signIn();
      await test.ageProofs();
      test.service.answers.set(`${method.toUpperCase()} /api/v1${path}`, { body: {} });
      await test.call(method, path, cookie).send(body).expect(200);
    });
  });

  it('applies ADMIN_PASSWORD when it changes, ends old sessions, and leaves a password chosen since alone', async () => {
    const cookie = await test.signIn();
    const chosen = 'chosen by the admin';
    await test.call('post', '/auth/password', cookie).send({ current: PASSWORD, next: chosen }).expect(204);
    await test.startInstance({ ADMIN_PASSWORD: PASSWORD });
    await test.call('get', '/auth/me', cookie).expect(200);
    await test.signIn('admin', chosen);

    await test.startInstance({ ADMIN_PASSWORD: 'set anew from outside' });
    await test.signIn('admin', 'set anew from outside');
    await test.call('get', '/auth/me', cookie).expect(401);
    await test.login('admin', chosen).expect(401);
  });
});

describe('a second factor', () => {
  let test: TestDashboard;
  let admin: string;

  beforeAll(async () => {
    test = await TestDashboard.start();
    admin = INTERNAL;
  });

  afterAll(() => test.stop());

  /** A code of the present, or of the steps around it, which are accepted as well. */
  const codeOf = (secret: string, steps = 0) =>
    new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });

  async function setUp(name: string) {
    await test.addUser(admin, name, 'trader');
    const cookie = await test.signIn(name);
    const { body } = await test.call('post', '/auth/second-factor', cookie).expect(200);
    const { secret, address, qrCode } = body as { secret: string; address: string; qrCode: string };
    expect(address).toContain(`secret=${secret}`);
    expect(qrCode).toMatch(/^data:image\/svg\+xml;base64,/);
    return { cookie, secret };
  }

  it('is asked for once a code was shown, counts each code once, and takes recovery codes instead', async () => {
    const { cookie, secret } = await setUp('two');
    await test.signIn('two');
    await test.call('post', '/auth/second-factor/enable', cookie).send({ code: '000000' }).expect(400);
    const code = codeOf(secret, -1);
    const { body } = await test.call('post', '/auth/second-factor/enable', cookie).send({ code }).expect(200);
    const { recoveryCodes } = body as { recoveryCodes: string[] };
    expect(new Set(recoveryCodes).size).toBe(10);

    expect((await test.login('two', PASSWORD).expect(401)).body).toMatchObject({ code: 'CODE_REQUIRED' });
    expect((await test.login('two', 'wrong', codeOf(secret)).expect(401)).body).toMatchObject({
      code: 'WRONG_CREDENTIALS',
    });
    const fresh = codeOf(secret);
    await test.signIn('two', PASSWORD, fresh);
    expect((await test.login('two', PASSWORD, fresh).expect(401)).body).toMatchObject({ code: 'WRONG_CODE' });
    const recovery = recoveryCodes[0]?.toUpperCase() ?? '';
    await test.signIn('two', PASSWORD, recovery);
    await test.login('two', PASSWORD, recovery).expect(401);
  });

  it('proves identity anew, and its secret is stored encrypted', async () => {
    const { cookie, secret } = await setUp('stored');
    await test
      .call('post', '/auth/second-factor/enable', cookie)
      .send({ code: codeOf(secret, -1) })
      .expect(200);
    await test.ageProofs();
    await test.call('delete', '/auth/second-factor', cookie).expect(403, /CONFIRMATION_REQUIRED/);
    await test
      .call('post', '/auth/confirm', cookie)
      .send({ code: codeOf(secret) })
      .expect(204);
    const { rows } = await test.sql(`select totp_secret from identity.users where name = 'stored'`);
    expect(JSON.stringify(rows)).toMatch(/v1\./);
    expect(JSON.stringify(rows)).not.toContain(secret);
    await test.call('delete', '/auth/second-factor', cookie).expect(204);
    await test.signIn('stored');
  });

  it('is guessed at ten times and then only slowly, from however many networks', async () => {
    const { cookie, secret } = await setUp('guessed');
    await test
      .call('post', '/auth/second-factor/enable', cookie)
      .send({ code: codeOf(secret, -1) })
      .expect(200);
    await test.sql(`delete from identity.known_networks`);
    const proxied = await test.startInstance({ TRUSTED_PROXIES: '127.0.0.1' });
    const statuses: number[] = [];
    for (let network = 1; network <= 12; network += 1) {
      const { status } = await test
        .login('guessed', PASSWORD, '000000', proxied)
        .set('x-forwarded-for', `203.0.113.${network}`);
      statuses.push(status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  it('has to be set up first where it is required', async () => {
    const strict = await test.startInstance({ SECOND_FACTOR_REQUIRED: 'true' });
    await test.addUser(admin, 'newcomer', 'admin');
    const cookie = await test.signIn('newcomer', PASSWORD, undefined, strict);
    const me = await test.call('get', '/auth/me', cookie, strict).expect(200);
    expect(me.body).toMatchObject({ secondFactor: 'required' });
    await test.call('get', '/orders', cookie, strict).expect(403, /SECOND_FACTOR_REQUIRED/);
    const { body } = await test.call('post', '/auth/second-factor', cookie, strict).expect(200);
    const { secret } = body as { secret: string };
    const code = codeOf(secret);
    await test.call('post', '/auth/second-factor/enable', cookie, strict).send({ code }).expect(200);
    await test.call('get', '/users', cookie, strict).expect(200);
  });
});
