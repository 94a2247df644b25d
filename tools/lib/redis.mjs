import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { freePort, keepAlive, run, until, which, withParent } from './processes.mjs';
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
    const server = await startServer(program.path, dataDir, { onExit });
    return { ...server, origin: `${program.origin}, private on port ${server.port}` };
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
    `dir "${directory}"`,
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
  const server = await keepAlive(
    () => spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }),
    () => answersPing(port, password),
    { name: 'Redis', onExit },
  );
  return { url: `redis://:${password}@127.0.0.1:${port}`, port, program, stop: () => server.stop('SIGTERM') };
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
