import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { explainFileError } from './data-folder.mjs';
import { freePort, keepAlive, run, ServerFailed, until, which, withParent } from './processes.mjs';
import { canInstall, installPackages } from './system-packages.mjs';

const LOCAL_PORT = 6379;

/**
 * Finds or starts a Redis.
 *
 * Order: REDIS_URL or REDIS_HOST; a server on the local standard port; a program on the path, started privately; the
 * system's package manager where that needs no question; Docker; else none.
 *
 * @param {(message: string) => void} [onExit] told when a server started here ends and is started again
 * @returns {Promise<{ url?: string, origin: string, stop: () => Promise<void>, program?: string }>}
 */
export async function provideRedis(dataDir, onExit) {
  const nothing = async () => undefined;
  if (process.env.REDIS_URL || process.env.REDIS_HOST || process.env.REDIS_SENTINELS) {
    return { origin: 'your settings (REDIS_…)', stop: nothing };
  }
  if (await answersPing(LOCAL_PORT)) {
    return {
      url: `redis://127.0.0.1:${LOCAL_PORT}`,
      origin: `the server running on port ${LOCAL_PORT}`,
      stop: nothing,
    };
  }
  const program = await findOrInstallServer();
  if (program) {
    try {
      const server = await startServer(program.path, dataDir, { onExit });
      return { ...server, origin: `${program.origin}, private on port ${server.port}` };
    } catch (error) {
      // Redis is never the only home of anything, so nothing here keeps the platform from running.
      onExit?.(`Redis does not start: ${explainFileError(error).message.trim()}`);
      return { origin: 'does not start here (see above): running in fallback mode', stop: nothing };
    }
  }
  const container = await startContainer();
  if (container) return container;
  return { origin: 'not to be had here: running in fallback mode', stop: nothing };
}

/** The server program, installed when that needs no question. */
export async function findOrInstallServer() {
  const find = () => which('redis-server') ?? which('valkey-server');
  const found = find();
  if (found) return { path: found, origin: found };
  if (!canInstall()) return undefined;
  try {
    await installPackages('redis-server');
  } catch {
    return undefined;
  }
  const installed = find();
  return installed && { path: installed, origin: `${installed} (installed now)` };
}

/**
 * Starts a private server on a free port, with a password.
 *
 * @param {{ durable?: boolean }} options durable servers keep an append-only file in the data folder
 */
export async function startServer(program, dataDir, { durable = true, onExit } = {}) {
  const port = await freePort();
  const directory = resolve(dataDir, 'redis');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  const settings = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${directory.replace(/["\\]/g, '\\$&')}"`,
    'maxmemory 2gb',
    'maxmemory-policy allkeys-lru',
    `appendonly ${durable ? 'yes' : 'no'}`,
    'appendfsync everysec',
    'save ""',
    'slowlog-log-slower-than 10000',
    'slowlog-max-len 256',
    'daemonize no',
  ];
  // A file, so that the password is not readable in the list of processes.
  const file = join(directory, 'redis.conf');
  await writeFile(file, settings.join('\n') + '\n', { mode: 0o600 });
  const [command, args] = withParent(program, [file], 'TERM');
  let child;
  let output = '';
  const launch = async () => {
    // A file that got damaged while it ran shows at the next start.
    if (child) await setDamagedAside(directory, output, onExit);
    output = '';
    child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => (output = (output + chunk).slice(-4_000)));
    return child;
  };
  const start = () => keepAlive(launch, () => answersPing(port, password), { name: 'Redis', onExit });
  const server = await start().catch(async (error) => {
    if (!(error instanceof ServerFailed) || !DAMAGED.test(error.output)) throw error;
    return start();
  });
  return { url: `redis://:${password}@127.0.0.1:${port}`, port, program, stop: () => server.stop('SIGTERM') };
}

/** What Redis says when it cannot read the files it kept. */
const DAMAGED =
  /Bad file format reading the append only file|append only file|AOF.*(manifest|error|corrupt)|RDB|Short read|Wrong signature/i;

/**
 * Gives Redis a fresh start beside files it cannot read. They are kept under a dated name: what Redis holds is refilled
 * from PostgreSQL and the feeds, so nothing is lost by going on without them.
 */
async function setDamagedAside(directory, output, tell) {
  if (!/Bad file format|Fatal|FATAL|Can't|corrupt|error/.test(output) || !DAMAGED.test(output)) return;
  const date = new Date().toISOString().replaceAll(':', '-');
  for (const name of ['appendonlydir', 'appendonly.aof', 'dump.rdb']) {
    const file = join(directory, name);
    if (!existsSync(file)) continue;
    await rename(file, `${file}.damaged-${date}`);
    tell?.(`Redis could not read ${file}; it is set aside as ${name}.damaged-${date} and Redis starts empty`);
  }
}

async function startContainer() {
  if (!which('docker')) return undefined;
  const port = await freePort();
  const password = randomBytes(24).toString('base64url');
  const serverArgs = ['--requirepass', password, '--maxmemory', '2gb', '--maxmemory-policy', 'allkeys-lru'];
  try {
    await run('docker', ['info']);
    const name = `tickbridge-redis-${port}`;
    await run('docker', [
      ...['run', '--detach', '--rm', '--name', name, '--publish', `127.0.0.1:${port}:6379`],
      ...['redis:7-alpine', 'redis-server', ...serverArgs],
    ]);
    await until(() => answersPing(port, password), { what: 'Redis answering' });
    return {
      url: `redis://:${password}@127.0.0.1:${port}`,
      origin: `Docker, private on port ${port}`,
      stop: async () => void (await run('docker', ['stop', name]).catch(() => undefined)),
    };
  } catch {
    return undefined;
  }
}

/** Whether what listens on the port is a Redis that lets us in. */
function answersPing(port, password) {
  return new Promise((resolveAnswer) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answer) => {
      socket.destroy();
      resolveAnswer(answer);
    };
    let answer = '';
    socket.setTimeout(500, () => end(false));
    socket.once('error', () => end(false));
    socket.on('data', (chunk) => {
      answer += chunk;
      if (answer.includes('+PONG')) end(true);
      else if (answer.includes('-')) end(false);
    });
    socket.once('connect', () => {
      if (password) socket.write(`AUTH ${password}\r\n`);
      socket.write('PING\r\n');
    });
  });
}
