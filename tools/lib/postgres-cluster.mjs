import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, open, readFile, readdir } from 'node:fs/promises';
import { readlink, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asServer, serverEnvironment } from './postgres-binaries.mjs';
import { run, until } from './processes.mjs';
import { UserError } from './report.mjs';

/** A cluster is made under this name beside its place, and moved there when it is whole. */
const MAKING = '.being-initialised';
/** How long a server whose starter has died may take to end (milliseconds). */
const LEAVE_MS = 30_000;
/** A process id that no system gives away. */
const NOBODY = 2_000_000_000;

/**
 * How a PostgreSQL program finds the cluster.
 *
 * A server of another user takes its working folder: it was opened by root, so the folders above may be closed to the
 * server, which needs no right of root's to pass them.
 */
export function clusterPath(directory, asUser) {
  return asUser ? '/proc/self/cwd' : directory;
}

/**
 * The cluster in `directory`, made when there is none. What lies there is never removed.
 *
 * @param {{ binaries: string, asUser?: { uid: number, gid: number }, durable: boolean }} server
 * @returns {Promise<string>} password of its superuser
 * @throws UserError with the way out when what lies there cannot be used
 */
export async function provideCluster(directory, server) {
  await rm(directory + MAKING, { recursive: true, force: true });
  const entries = await entriesOf(directory);
  if (entries.length === 0) return initialise(directory, server);
  await mustBeUsable(directory, entries, server.binaries);
  await takeOver(directory, server.asUser);
  await releaseFromDeadServer(directory);
  const password = await storedPassword(directory);
  return password ?? renewPassword(directory, server);
}

/** Gives the superuser of a stopped cluster a new password. @returns {Promise<string>} the password */
export async function renewPassword(directory, { binaries, asUser }) {
  const password = randomBytes(24).toString('base64url');
  await storePassword(directory, password);
  const [command, args] = asServer(asUser, join(binaries, 'bin/postgres'), [
    ...['--single', '-D', clusterPath(directory, asUser), 'postgres'],
  ]);
  const output = await run(command, args, {
    env: serverEnvironment(),
    cwd: directory,
    input: `alter role postgres with superuser login password '${password}'\n`,
  });
  // In this mode a failed statement does not fail the program.
  if (/^.*(ERROR|FATAL):/m.test(output)) {
    throw new UserError(
      `The password of ${directory} is lost and could not be renewed: ${/(ERROR|FATAL):.*/.exec(output)[0]}. ` +
        `Put the password of its user postgres into ${directory}.password.`,
    );
  }
  return password;
}

/** A server that was killed leaves its process id; the id may be another program's by now. */
export async function releaseFromDeadServer(directory) {
  const file = join(directory, 'postmaster.pid');
  if (!existsSync(file)) return;
  const text = await readFile(file, 'utf8');
  // A full disk leaves it empty, and the server then takes it for another one that is about to start.
  if (text.trim() === '') return rm(file);
  const pid = Number(text.split('\n')[0]);
  if (!Number.isInteger(pid) || pid < 1 || !(await isRunning(pid))) return;
  if (await servesCluster(pid, directory)) {
    // Its starter is gone, so it is ours to end: nobody else starts servers on this folder.
    process.kill(pid, 'SIGINT');
    await until(async () => !(await isRunning(pid)), {
      timeoutMs: LEAVE_MS,
      what: `the end of the PostgreSQL server ${pid} that still runs on ${directory}`,
    });
    return;
  }
  // The other lines stay: by them the server sees whether processes of the dead one still hold its memory.
  const { uid, gid } = await lstat(file);
  await writeFile(`${file}.new`, text.replace(/^\d+/, String(NOBODY)), { mode: 0o600 });
  await chown(`${file}.new`, uid, gid);
  await rename(`${file}.new`, file);
}

async function entriesOf(directory) {
  if (!existsSync(directory)) return [];
  return readdir(directory);
}

async function mustBeUsable(directory, entries, binaries) {
  const aside = `move it aside (mv "${directory}" "${directory}.aside") to start with an empty database`;
  const whole = ['PG_VERSION', 'global', 'base', 'pg_wal', 'postgresql.conf', 'pg_hba.conf'];
  const missing = whole.filter((name) => !entries.includes(name));
  if (existsSync(join(directory, 'global')) && !existsSync(join(directory, 'global/pg_control')))
    missing.push('global/pg_control');
  if (missing.length > 0) {
    throw new UserError(
      `${directory} is not a whole PostgreSQL cluster: ${missing.join(', ')} is missing. Nothing in it was changed. ` +
        `Restore it from its backup, or ${aside}.`,
    );
  }
  const made = (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim();
  const own = await majorVersion(binaries);
  if (made !== own) {
    throw new UserError(
      `${directory} was made by PostgreSQL ${made}; the embedded one is ${own} and cannot read it. Nothing in it was ` +
        `changed. Run a PostgreSQL ${made} on it and set DATABASE_URL to that; or dump it there with pg_dump, ` +
        `${aside}, and restore the dump.`,
    );
  }
}

async function majorVersion(binaries) {
  const text = await run(join(binaries, 'bin/postgres'), ['--version'], { env: serverEnvironment() });
  return /(\d+)\.\d+/.exec(text)?.[1];
}

/** A restored cluster may belong to whoever restored it, and be open to others; the server accepts neither. */
async function takeOver(directory, asUser) {
  const info = await lstat(directory);
  const owner = asUser ?? { uid: process.getuid?.() ?? info.uid, gid: info.gid };
  if (info.uid !== owner.uid && !asUser) {
    throw new UserError(
      `${directory} belongs to another user (${info.uid}), and you are ${owner.uid}. ` +
        `Start as that user, or: sudo chown -R ${owner.uid} "${directory}".`,
    );
  }
  if ((info.mode & 0o027) !== 0) await chmod(directory, 0o700);
  if (asUser) await own(directory, asUser);
}

async function own(path, asUser) {
  const info = await lstat(path);
  if (info.uid !== asUser.uid && !info.isSymbolicLink()) await chown(path, asUser.uid, asUser.gid);
  if (!info.isDirectory()) return;
  for (const entry of await readdir(path)) await own(join(path, entry), asUser);
}

/** Made beside its place and moved there as a whole, so that a start killed in between leaves nothing half made. */
async function initialise(directory, { binaries, asUser, durable }) {
  const making = directory + MAKING;
  const cluster = join(making, 'cluster');
  const passwordFile = join(making, 'password');
  const password = randomBytes(24).toString('base64url');
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (asUser) for (const path of [cluster, passwordFile]) await chown(path, asUser.uid, asUser.gid);
  const [command, args] = asServer(asUser, join(binaries, 'bin/initdb'), [
    ...['-D', clusterPath(cluster, asUser), '--username=postgres', '--auth=scram-sha-256'],
    // Handed over opened, like the folder: the server's user may not reach it by its name.
    `--pwfile=${process.platform === 'linux' ? '/proc/self/fd/0' : passwordFile}`,
    ...['--encoding=UTF8', '--locale=C', ...(durable ? [] : ['--no-sync'])],
  ]);
  const opened = await open(passwordFile);
  try {
    await run(command, args, {
      env: serverEnvironment(),
      cwd: cluster,
      stdio: [opened.fd, 'pipe', 'pipe'],
    });
  } finally {
    await opened.close();
  }
  await storePassword(directory, password);
  await rename(cluster, directory).catch((error) => {
    if (error.code !== 'EBUSY' && error.code !== 'EXDEV') throw error;
    throw new UserError(
      `${directory} is a disk of its own, where a database cannot be moved to. ` +
        `Mount that disk on ${dirname(directory)} instead, or set DATA_DIR to a folder on it.`,
    );
  });
  await rm(making, { recursive: true, force: true });
  return password;
}

async function storedPassword(directory) {
  const file = `${directory}.password`;
  if (!existsSync(file)) return undefined;
  return (await readFile(file, 'utf8')).trim() || undefined;
}

async function storePassword(directory, password) {
  const file = `${directory}.password`;
  const making = join(dirname(file), `.${basename(file)}.new`);
  await writeFile(making, password, { mode: 0o600 });
  await rename(making, file);
}

async function isRunning(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not being allowed to ask is an answer too.
    return error.code === 'EPERM';
  }
  const state = await processFile(pid, 'stat');
  return state === undefined || !/\) [ZX] /.test(state);
}

/** Whether the process is a PostgreSQL server on this folder: every one works inside of its own. */
async function servesCluster(pid, directory) {
  if (process.platform !== 'linux') {
    const command = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => '');
    return command.includes('postgres') && command.includes(directory);
  }
  const command = (await processFile(pid, 'cmdline'))?.split('\0') ?? [];
  if (basename(command[0] ?? '') !== 'postgres') return false;
  const works = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return works === (await realpath(directory));
}

/** Nothing when the process has ended or is another user's. */
async function processFile(pid, name) {
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => undefined);
}
