// npm run user: lists, makes, resets and disables users from the command line, whether services run or not.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildIfNeeded } from './lib/build-if-needed.mjs';
import { checkNode, install } from './lib/install.mjs';
import { providePostgres } from './lib/postgres.mjs';
import { isListening } from './lib/processes.mjs';
import { red, UserError } from './lib/report.mjs';
import { ROOT } from './lib/workspace.mjs';

const dataDir = resolve(ROOT, process.env.DATA_DIR || '.data');

let postgres;
try {
  checkNode();
  await install();
  await buildIfNeeded();
  postgres = (await runningPostgres()) ?? (await providePostgres(dataDir));
  process.exitCode = await command(postgres.url);
} catch (error) {
  console.error(`${red('Not done.')} ${error instanceof UserError ? error.message : (error.stack ?? error)}`);
  process.exitCode = 1;
} finally {
  await postgres?.stop();
}

/** The embedded server of a platform that runs on this data folder. */
async function runningPostgres() {
  if (process.env.DATABASE_URL) return undefined;
  const directory = join(dataDir, 'postgres');
  const read = (file) => readFile(file, 'utf8').catch(() => undefined);
  const [lines, password] = [
    await read(join(directory, 'postmaster.pid')),
    await read(`${directory}.password`),
  ];
  // The fourth line of this file is the port.
  const port = Number(lines?.split('\n')[3]);
  if (!password || !(port > 0) || !(await isListening(port))) return undefined;
  const url = `postgresql://postgres:${password.trim()}@127.0.0.1:${port}/tickbridge`;
  return { url, stop: async () => undefined };
}

function command(url) {
  const program = join(ROOT, 'dist/apps/dashboard/user.mjs');
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...process.argv.slice(2)], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: url },
    stdio: 'inherit',
  });
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
}
