import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WORKSPACE } from './platform';

const HOUR_MS = 3_600_000;

describe('the log of a service, as npm start keeps it', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tickbridge-log-'));
    path = join(folder, 'logs/service.log');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs statements on a new `log` in a process of its own. @returns what they printed */
  const run = (statements: string, options = '{}') =>
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { LogFile } from ${JSON.stringify(join(WORKSPACE, 'tools/lib/log-file.mjs'))};
         let clock = Date.now();
         const told = [];
         const log = new LogFile(${JSON.stringify(path)},
           { now: () => clock, onRecovery: (...news) => told.push(news), ...${options} });
         const write = async (text) => { log.write(Buffer.from(text)); await log.written(); };
         ${statements}
         await log.close();`,
      ],
      { encoding: 'utf8' },
    );
  const rotated = async () => (await readdir(join(folder, 'logs'))).sort();

  it('is continued over a restart', async () => {
    run(`await write('one\\n');`);
    run(`await write('two\\n');`);
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('is rotated by size, and only so many old ones are kept', async () => {
    run(
      `for (let n = 0; n < 10; n += 1) await write(String(n).repeat(60) + '\\n');`,
      '{ maxBytes: 100, maxFiles: 2 }',
    );
    expect(await rotated()).toEqual(['service.log', 'service.log.1', 'service.log.2']);
    const text = await Promise.all(
      (await rotated()).map((name) => readFile(join(folder, 'logs', name), 'utf8')),
    );
    expect(text.reverse().join('')).toBe([4, 5, 6, 7, 8, 9].map((n) => `${String(n).repeat(60)}\n`).join(''));
  });

  it('is rotated by age, and what is older than it is to be kept goes', async () => {
    const options = `{ maxAgeMs: ${24 * HOUR_MS}, keepMs: ${72 * HOUR_MS} }`;
    run(`await write('today\\n'); clock += ${25 * HOUR_MS}; await write('tomorrow\\n');`, options);
    expect(await readFile(`${path}.1`, 'utf8')).toBe('today\n');
    expect(await readFile(path, 'utf8')).toBe('tomorrow\n');
    run(`clock += ${100 * HOUR_MS}; await write('next week\\n');`, options);
    expect(await rotated()).toEqual(['service.log']);
    expect(existsSync(`${path}.1`)).toBe(false);
  });

  it('drops and counts what cannot be written, and tells how much once it can be', async () => {
    // A limit of the process on the size of its files: what a full disk is to it.
    const output = run(`
      import { execFileSync } from 'node:child_process';
      const limit = (bytes) => execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=' + bytes + ':unlimited']);
      process.on('SIGXFSZ', () => undefined);
      limit(30);
      await write('before\\n');
      for (let n = 0; n < 5; n += 1) { await write('a line that does not fit ' + n + '\\n'); clock += 2000; }
      console.log('dropped', log.dropped);
      limit('unlimited');
      clock += 2000;
      await write('after\\n');
      console.log(JSON.stringify(told));`);
    expect(output).toMatch(/^dropped 5$/m);
    expect(output).toMatch(/^\[\[5,"EFBIG"\]\]$/m);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toBe('before');
    expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({ dropped: 5, msg: 'log lines were dropped' });
    expect(lines.at(-1)).toBe('after');
  });
});
