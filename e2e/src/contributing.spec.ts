import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Clone } from './clone';
import { WORKSPACE } from './platform';

interface Launch {
  name: string;
  port?: number;
  program?: string;
  args?: string[];
}

describe('a clone that somebody works on', () => {
  let clone: Clone;
  const stamp = () => join(clone.workspace, 'node_modules/.tickbridge-installed');

  beforeAll(async () => {
    clone = await Clone.make('tickbridge', 0o755);
    git('init', '--quiet');
  }, 120_000);

  afterAll(() => clone?.remove());

  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: clone.workspace, encoding: 'utf8' }).trim();
  const run = (command: string, args: string[], env: Record<string, string> = {}) =>
    spawnSync(command, args, {
      cwd: clone.workspace,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: clone.home, ...env },
    });
  const prepare = (env: Record<string, string> = {}) => run(process.execPath, ['tools/prepare.mjs'], env);

  it('knows what npm installed, unless something was left out', async () => {
    await rm(stamp(), { force: true });
    expect(prepare({ npm_config_omit: 'optional' }).status).toBe(0);
    expect(existsSync(stamp())).toBe(false);
    expect(prepare().status).toBe(0);
    expect(existsSync(stamp())).toBe(true);
  });

  it('has its hooks, unless somebody chose others', () => {
    expect(git('config', 'core.hooksPath')).toBe('tools/hooks');
    git('config', 'core.hooksPath', 'mine');
    expect(prepare().status).toBe(0);
    expect(git('config', 'core.hooksPath')).toBe('mine');
  });

  it.each([
    ['is not formatted', 'export const  x = 1\n', 'Code style issues'],
    ['breaks a rule', 'export const x: any = 1;\n', 'no-explicit-any'],
  ])(
    'is not committed to with a file that %s',
    async (_what, text, told) => {
      const file = 'libs/contracts/src/hooked file.ts';
      await writeFile(join(clone.workspace, file), text);
      git('add', file);
      const hook = run('sh', ['tools/hooks/pre-commit']);
      expect(hook.status).not.toBe(0);
      expect(hook.stdout + hook.stderr).toContain(told);
    },
    60_000,
  );

  it('is committed to with one that is well', async () => {
    const file = 'libs/contracts/src/hooked file.ts';
    await writeFile(join(clone.workspace, file), 'export const x = 1;\n');
    git('add', file);
    const hook = run('sh', ['tools/hooks/pre-commit']);
    expect([hook.status, hook.stderr]).toEqual([0, expect.anything()]);
  }, 60_000);
});

describe('.vscode/launch.json', () => {
  let launches: Launch[];
  beforeAll(async () => {
    const text = await readFile(join(WORKSPACE, '.vscode/launch.json'), 'utf8');
    launches = (JSON.parse(text) as { configurations: Launch[] }).configurations;
  });

  it('runs the test that is open', () => {
    const { program = '', args = [] } = launches.find(({ name }) => name === 'Debug the open test') ?? {};
    const filled = [program, ...args].map((word) =>
      word
        .replace('${workspaceFolder}', WORKSPACE)
        .replace('${input:project}', 'libs/contracts')
        .replace('${fileBasename}', 'decode.spec.ts'),
    );
    const { status, stdout } = spawnSync(process.execPath, filled, { cwd: WORKSPACE, encoding: 'utf8' });
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/libs\/contracts: [1-9]\d* passed, 0 failed/),
    ]);
  }, 120_000);

  it('attaches to each service where nx serve puts its debugger', async () => {
    const services = await readFile(join(WORKSPACE, 'tools/lib/workspace.mjs'), 'utf8');
    const apps = /APPS = \[([^\]]*)\]/.exec(services)?.[1]?.match(/[a-z-]+/g) ?? [];
    expect(apps).toHaveLength(5);
    const ports = apps.map((app) => launches.find(({ name }) => name === `Attach to ${app}`)?.port);
    expect(ports).toEqual(apps.map((_, index) => 9230 + index));
  });
});
