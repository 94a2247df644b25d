import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { delimiter, join } from 'node:path';

/** A server that ended is started again after this long, twice as long each time it ends soon (milliseconds). */
const RESTART_MIN_MS = 1_000;
const RESTART_MAX_MS = 15_000;
/** A server that ran this long starts over with the shortest wait (milliseconds). */
const STEADY_AFTER_MS = 60_000;

/**
 * Runs a command to its end. Rejects with its output when it fails.
 *
 * @param {import('node:child_process').SpawnOptions & { input?: string }} options
 * @returns {Promise<string>} what it wrote
 */
export function run(command, args, { input, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const stdin = input === undefined ? 'ignore' : 'pipe';
    const child = spawn(command, args, { stdio: [stdin, 'pipe', 'pipe'], ...options });
    // A program that ends without reading its input says why in its output.
    child.stdin?.on('error', () => undefined).end(input);
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}\n${output.trim()}`));
    });
  });
}

/** Path of a program, or undefined. Debian keeps some servers outside an ordinary user's PATH. */
export function which(name) {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/local/bin',
    '/usr/bin',
    '/usr/sbin',
    '/bin',
  ];
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** A TCP port on loopback that nobody listens on at the moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Whether somebody listens on a loopback port. */
export function isListening(port, timeoutMs = 500) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** Waits until `condition` resolves to something truthy and returns that. */
export async function until(condition, { timeoutMs = 30_000, everyMs = 50, what = 'the condition' } = {}) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`${what} did not come true within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Whether a child has ended. */
export const ended = (child) => child.exitCode !== null || child.signalCode !== null;

/** Asks a child to end, and makes it when it does not. */
export async function stopChild(child, signal = 'SIGTERM', graceMs = 10_000) {
  if (ended(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
}

/**
 * Starts a server and starts it again when it ends by itself.
 *
 * @param {() => Promise<import('node:child_process').ChildProcess>} start
 * @param {() => Promise<boolean>} answers whether the server serves
 * @param {{ name: string, onExit?: (message: string) => void }} options
 * @returns {Promise<{ stop: (signal: string) => Promise<void> }>} once it serves for the first time
 * @throws ServerFailed when it ends before that
 */
export async function keepAlive(start, answers, { name, onExit }) {
  let child;
  let stopping = false;
  let output = '';
  let waitMs = RESTART_MIN_MS;
  const launch = async () => {
    output = '';
    child = await start();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => (output = (output + chunk).slice(-4_000)));
    }
    return child;
  };
  const first = await launch();
  try {
    await until(
      () => {
        if (ended(first)) throw new ServerFailed(name, output);
        return answers();
      },
      { timeoutMs: 60_000, what: `${name} answering` },
    );
  } catch (error) {
    await stopChild(first);
    throw error;
  }
  const watch = (watched) => {
    const startedAt = Date.now();
    watched.once('exit', (code, signal) => {
      if (stopping) return;
      if (Date.now() - startedAt > STEADY_AFTER_MS) waitMs = RESTART_MIN_MS;
      onExit?.(`${name} ended (${signal ?? `status ${code}`}), starting it again${lastWords(output)}`);
      restart();
    });
  };
  const restart = () => {
    setTimeout(() => {
      if (stopping) return;
      launch().then(watch, (error) => {
        onExit?.(`${name} could not be started again: ${error.message}`);
        restart();
      });
    }, waitMs);
    waitMs = Math.min(waitMs * 2, RESTART_MAX_MS);
  };
  watch(first);
  return {
    stop: async (signal) => {
      stopping = true;
      await stopChild(child, signal);
    },
  };
}

/** A server ended before it served; `output` is what it said last. */
export class ServerFailed extends Error {
  constructor(name, output) {
    super(`${name} ended at start:\n${output}`);
    this.output = output;
  }
}

/** The reason a server gave, when it gave one. */
function lastWords(output) {
  const reason = /(?:FATAL|PANIC|Fatal error|Can't|Bad file format|No space left).*/.exec(output)?.[0];
  return reason ? `: ${reason.trim()}` : '';
}

/**
 * Where the kernel can be asked to end a server together with the process that started it, the command that does so;
 * else the command unchanged.
 */
export function withParent(command, args, signal) {
  const setpriv = process.platform === 'linux' ? which('setpriv') : undefined;
  return setpriv ? [setpriv, ['--pdeathsig', signal, '--', command, ...args]] : [command, args];
}
