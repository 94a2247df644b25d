import { auditPageSchema, auditVerificationSchema, type AuditEntry } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { KEY, PASSWORD, TestDashboard } from '../testing/dashboard';
import { AuditLog } from './audit.log';

const INTERNAL = `Bearer ${KEY}`;

describe('the audit log', () => {
  let test: TestDashboard;

  beforeAll(async () => {
    test = await TestDashboard.start();
  });

  afterAll(() => test.stop());

  async function entries(query = ''): Promise<AuditEntry[]> {
    const { body } = await test.call('get', `/audit${query}`, INTERNAL).expect(200);
    return auditPageSchema.parse(body).entries;
  }

  const verification = async () =>
    auditVerificationSchema.parse((await test.call('get', '/audit/verification', INTERNAL).expect(200)).body);

  it('has sign-in, failure, limit, sign-out, role change, key and its use, and arming', async () => {
    const cookie = await test.signIn();
    await test.login('admin', 'wrong').expect(401);
    for (let attempt = 0; attempt < 6; attempt += 1) await test.login('nobody', 'wrong');
    const id = await test.addUser(cookie, 'mira', 'viewer');
    await test.call('patch', `/users/${id}`, cookie).send({ role: 'trader' }).expect(200);
    const made = await test.call('post', '/keys', cookie).send({ name: 'robot', scope: 'read' }).expect(201);
    const bearer = `Bearer ${(made.body as { key: string }).key}`;
    for (let call = 0; call < 3; call += 1) await test.call('get', '/auth/me', bearer).expect(200);
    test.service.answers.set('PATCH /api/v1/accounts/A', { body: {} });
    await test.call('patch', '/accounts/A', cookie).send({ armed: true, reason: 'live' }).expect(200);
    await test.call('patch', '/accounts/B', bearer).send({ armed: true, reason: 'live' }).expect(403);
    await test.call('post', '/auth/logout', cookie).expect(204);

    await waitFor(async () => (await entries('?action=account.change&actor=key:robot')).length > 0);
    await waitFor(async () => (await entries('?action=account.change')).length > 0);
    const told = (await entries('?limit=500')).map(({ actor, action, target, outcome }) =>
      [actor, action, target, outcome].join(' '),
    );
    for (const line of [
      'admin sign-in  ok',
      'admin sign-in  WRONG_CREDENTIALS',
      'nobody sign-in  TOO_MANY_ATTEMPTS',
      'admin user.create mira ok',
      'admin user.role mira ok',
      'admin key.create robot ok',
      'admin account.change A ok',
      'key:robot account.change B ROLE_TOO_LOW',
      'admin sign-out  ok',
    ]) {
      expect(told).toContain(line);
    }
    expect(told.filter((line) => line.startsWith('key:robot key.use'))).toHaveLength(1);
    const [armed] = await entries('?action=account.change&actor=admin');
    expect(armed?.detail).toEqual({ armed: true, reason: 'live' });
    const metrics = await test.app
      .getHttpAdapter()
      .getInstance()
      .inject({
        url: '/metrics',
        headers: { authorization: INTERNAL, host: 'localhost' },
      });
    expect(metrics.body).toContain('tickbridge_audit_events_total{action="sign-in",outcome="refused"}');
  });

  it('never holds a password or token', async () => {
    test.service.answers.set('PUT /api/v1/accounts/A/token', { body: {} });
    await test.call('put', '/accounts/A/token', INTERNAL).send({ token: 'hunter2-token' }).expect(200);
    await waitFor(async () => (await entries('?action=token.submit')).length > 0);
    const { rows } = await test.sql('select * from identity.audit');
    expect(JSON.stringify(rows)).not.toContain('hunter2');
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
  });

  it('keeps its order under a hundred writers at once, of two instances', async () => {
    const other = await test.startInstance({});
    const logs = [test.app.get(AuditLog), other.get(AuditLog)];
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) =>
        logs[index % 2]?.append({ actor: 'crowd', action: 'test.write', detail: { index } }),
      ),
    );
    const { intact, rows, newest } = await verification();
    expect({ intact, rows }).toEqual({ intact: true, rows: newest?.sequence });
    expect(await entries('?actor=crowd&limit=500')).toHaveLength(100);
  });

  it.each([
    'update identity.audit set actor = $$x$$',
    'delete from identity.audit',
    'truncate identity.audit',
  ])('refuses "%s"', async (statement) => {
    await expect(test.sql(statement)).rejects.toThrow(/append-only/);
  });

  it('is read page by page, and exported whole', async () => {
    const { body } = await test.call('get', '/audit?limit=10&actor=crowd', INTERNAL).expect(200);
    const page = auditPageSchema.parse(body);
    expect(page.entries).toHaveLength(10);
    const [next] = await entries(`?limit=10&actor=crowd&before=${page.nextBefore ?? 0}`);
    expect(next?.sequence).toBeLessThan(page.entries.at(-1)?.sequence ?? 0);
    await test.app.get(AuditLog).append({ actor: 'crowd', action: 'test.write', target: '=1+1,"x"' });
    const csv = await test.call('get', '/audit/export?format=csv&actor=crowd', INTERNAL).expect(200);
    const [header, newest, ...rest] = csv.text.trim().split('\r\n');
    expect(header).toBe('sequence,at,actor,action,target,outcome,address,detail,hash');
    expect(newest).toContain(`"'=1+1,""x"""`);
    expect(rest).toHaveLength(100);
    const lines = await test
      .call('get', '/audit/export?format=ndjson&actor=crowd', INTERNAL)
      .buffer(true)
      .parse((response, done) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => done(null, text));
      })
      .expect(200);
    expect((lines.body as string).trim().split('\n')).toHaveLength(101);
  });

  it('shows every row that was changed, left out or moved past its guard', async () => {
    await test.sql('alter table identity.audit disable trigger all');
    const at = (await verification()).newest?.sequence ?? 0;
    const row = at - 50;
    await test.sql(`update identity.audit set actor = 'somebody else' where sequence = $1`, [row]);
    expect(await verification()).toMatchObject({ intact: false, brokenAt: row });
    await test.sql(`update identity.audit set actor = 'crowd' where sequence = $1`, [row]);
    expect(await verification()).toMatchObject({ intact: true });
    await test.sql('delete from identity.audit where sequence = $1', [row]);
    expect(await verification()).toMatchObject({ intact: false, brokenAt: row + 1 });
    await test.sql('alter table identity.audit enable trigger all');
  });
});
