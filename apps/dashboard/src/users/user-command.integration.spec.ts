import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { until } from '@tickbridge/shared-cache/testing';
import { PASSWORD, TestDashboard } from '../testing/dashboard';

const WORKSPACE = resolve(__dirname, '../../../..');

describe('npm run user', () => {
  let test: TestDashboard;

  beforeAll(async () => {
    test = await TestDashboard.start();
  });

  afterAll(() => test.stop());

  const run = (...words: string[]) =>
    new Promise<{ status: number; output: string }>((done) => {
      const args = ['-r', '@swc-node/register', join(WORKSPACE, 'apps/dashboard/src/user.main.ts'), ...words];
      const env = {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        DATABASE_URL: test.database.url,
        TS_NODE_PROJECT: join(WORKSPACE, 'tsconfig.base.json'),
      };
      execFile(process.execPath, args, { cwd: WORKSPACE, env }, (error, stdout, stderr) =>
        done({ status: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      );
    });

  it('resets a lost password, ends the sessions at once and the live stream within seconds', async () => {
    const cookie = await test.signIn();
    const stream = await fetch(`${test.addressOf()}/api/v1/stream`, { headers: { cookie } });
    let ended = false;
    void (async () => {
      for await (const chunk of stream.body ?? []) void chunk;
      ended = true;
    })();
    const { status, output } = await run('reset-password', 'admin');
    expect(status).toBe(0);
    const password = /Password of admin: (\S+)/.exec(output)?.[1] ?? '';
    await test.call('get', '/auth/me', cookie).expect(401);
    await until('the stream has ended', () => ended);
    await test.login('admin', PASSWORD).expect(401);
    await test.signIn('admin', password);
  }, 120_000);

  it('makes, lists and disables users, keeps the last admin, and says what is wrong', async () => {
    expect((await run('create', 'mira', 'trader')).status).toBe(0);
    expect((await run('disable', 'mira')).output).toMatch(/mira\s+trader\s+disabled/);
    expect((await run('list')).output).toMatch(/admin\s+admin\s+enabled[\s\S]*mira\s+trader\s+disabled/);
    expect(await run('disable', 'admin')).toMatchObject({
      status: 2,
      output: expect.stringContaining('admin has to stay'),
    });
    expect(await run('create', 'x', 'root')).toMatchObject({
      status: 2,
      output: expect.stringContaining('Which role'),
    });
    const { rows } = await test.sql(`select action, target from identity.audit where actor = 'command-line'`);
    expect(rows).toContainEqual({ action: 'user.disable', target: 'mira' });
  }, 120_000);
});
