import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './processes.mjs';
import { UserError } from './report.mjs';

/**
 * Claims the data folder: two platforms on one would fight for its database.
 *
 * A lock whose process is gone is taken over, also when another program has its process id by now.
 *
 * @returns {Promise<{ stop: () => Promise<void> }>}
 * @throws UserError when a running platform holds it, or when it cannot be written to
 */
export async function claimDataFolder(dataDir) {
  const file = join(dataDir, 'start.pid');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const own = `${process.pid} ${await startOf(process.pid)}`;
  // A second try for the case that somebody else takes away the same leftover.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await writeFile(file, own, { flag: 'wx' });
      return { stop: () => rm(file, { force: true }) };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = existsSync(file) ? await readFile(file, 'utf8') : '';
    if (holder !== own && (await holds(holder))) break;
    await rm(file, { force: true });
  }
  const [pid] = (await readFile(file, 'utf8')).split(' ');
  throw new UserError(
    `Tickbridge already runs on ${dataDir} (process ${pid}). Stop it or set another DATA_DIR.`,
  );
}

/** Whether a running platform holds the data folder. */
export async function isClaimed(dataDir) {
  const file = join(dataDir, 'start.pid');
  return existsSync(file) && holds(await readFile(file, 'utf8'));
}

const REMEDIES = {
  EROFS: 'That disk is mounted read-only: set DATA_DIR to a folder that can be written to.',
  EACCES: 'It belongs to another user: give it to yours (chown -R), or set DATA_DIR to a folder of your own.',
  EPERM: 'It belongs to another user: give it to yours (chown -R), or set DATA_DIR to a folder of your own.',
  ENOSPC: 'That disk is full: make room, or set DATA_DIR to a folder on another.',
  EDQUOT: 'The quota of that disk is used up: make room, or set DATA_DIR to a folder on another.',
  ENOTDIR: 'A file is in the way: set DATA_DIR to a folder.',
  EEXIST: 'A file is in the way: set DATA_DIR to a folder.',
};

/** What a file operation ran into as one sentence with the way out; other errors as they are. */
export function explainFileError(error) {
  const remedy = REMEDIES[error?.code];
  if (!remedy || !error.path || !error.syscall) return error;
  return new UserError(`${error.path} cannot be used (${error.code} at ${error.syscall}). ${remedy}`);
}

async function holds(text) {
  const [, id, start] = /^(\d+)(?: (.*))?$/.exec(text.trim()) ?? [];
  const pid = Number(id);
  if (!Number.isSafeInteger(pid) || pid < 1) return false;
  const now = await startOf(pid);
  if (now === undefined) return false;
  if (start !== undefined) return now === start;
  // Written by a version that kept only the id: whether it is a platform shows in its command.
  const command = await run('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => '');
  return /tools\/start\.mjs/.test(command);
}

/** When a running process began, in a form that no other process of this id ever has; `undefined` when none runs. */
async function startOf(pid) {
  if (process.platform !== 'linux') {
    return (await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => '')).trim() || undefined;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  // The program's name may hold anything; what follows its bracket is fixed.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : `${boot}:${fields[18]}`;
}
