import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { asServer, postgresBinaries, serverEnvironment, serverUser } from './postgres-binaries.mjs';
import { clusterPath, provideCluster, releaseFromDeadServer, renewPassword } from './postgres-cluster.mjs';
import { freePort, keepAlive, ServerFailed } from './processes.mjs';
import { UserError } from './report.mjs';

const DATABASE = 'tickbridge';

/**
 * Finds or starts a PostgreSQL: DATABASE_URL, else the real server that comes as an npm package.
 *
 * @returns {Promise<{ url: string, origin: string, stop: () => Promise<void> }>}
 */
export async function providePostgres(dataDir, onExit) {
  if (process.env.DATABASE_URL) {
    return {
      url: process.env.DATABASE_URL,
      origin: 'your settings (DATABASE_URL)',
      stop: async () => undefined,
    };
  }
  const server = await startPostgres(resolve(dataDir, 'postgres'), { onExit });
  return { ...server, origin: `embedded, private on port ${server.port}` };
}

/**
 * Starts a private server on a free port with its files in `directory`, made on the first start.
 *
 * @param {{ durable?: boolean, onExit?: (message: string) => void }} options servers for tests need not survive a power cut
 */
export async function startPostgres(directory, { durable = true, onExit } = {}) {
  const asUser = await serverUser();
  const binaries = await postgresBinaries(asUser);
  const cluster = { binaries, asUser, durable };
  const port = await freePort();
  let password = await provideCluster(directory, cluster);

  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '48MB',
    max_connections: '80',
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const args = ['-D', clusterPath(directory, asUser), '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const [command, commandArgs] = asServer(asUser, join(binaries, 'bin/postgres'), args);
  const launch = async () => {
    await releaseFromDeadServer(directory);
    return spawn(command, commandArgs, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: serverEnvironment(),
      cwd: directory,
    });
  };
  const url = (database) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  const serve = () => keepAlive(launch, () => answers(url('postgres')), { name: 'PostgreSQL', onExit });
  const start = () => serve().catch((error) => retryOrExplain(error, directory, serve));
  let server = await start();
  if (await refusesPassword(url('postgres'))) {
    // The cluster was restored without its password, or with that of another.
    await server.stop('SIGINT');
    password = await renewPassword(directory, cluster);
    server = await start();
  }
  await createDatabase(url('postgres'));
  // SIGINT is PostgreSQL's fast shutdown: connections are closed, nothing is lost.
  return { url: url(DATABASE), port, stop: () => server.stop('SIGINT') };
}

/** Processes of a server that was killed go by themselves, a moment later. */
const STILL_LEAVING = /pre-existing shared memory block .* is still in use|lock file .* already exists/;
const LEAVE_MS = 10_000;

async function retryOrExplain(error, directory, serve) {
  const deadline = Date.now() + LEAVE_MS;
  let failure = error;
  while (failure instanceof ServerFailed && STILL_LEAVING.test(failure.output) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    try {
      return await serve();
    } catch (next) {
      failure = next;
    }
  }
  if (!(failure instanceof ServerFailed)) throw failure;
  const reason = /(?:FATAL|PANIC): .*/.exec(failure.output)?.[0] ?? failure.output.trim();
  const remedy = /No space left on device/.test(failure.output)
    ? `Make room on the disk of ${directory}.`
    : `Nothing in it was removed. Restore it from its backup, or move it aside (mv "${directory}" "${directory}.aside") ` +
      'to start with an empty database.';
  throw new UserError(`PostgreSQL does not start on ${directory}: ${reason}\n${remedy}`);
}

async function withClient(url, work) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const WRONG_PASSWORD = ['28P01', '28000'];

/** Whether the server serves, be it by refusing. */
async function answers(url) {
  return withClient(url, () => true).catch(({ code }) => WRONG_PASSWORD.includes(code));
}

async function refusesPassword(url) {
  return withClient(url, () => false).catch((error) => {
    if (WRONG_PASSWORD.includes(error.code)) return true;
    throw error;
  });
}

async function createDatabase(url) {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
}
