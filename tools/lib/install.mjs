import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './processes.mjs';
import { UserError } from './report.mjs';
import { ROOT } from './workspace.mjs';

const OLDEST_NODE = [20, 19];

/** @throws UserError when this Node is too old for the platform */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new UserError(
    `Tickbridge needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`,
  );
}

/**
 * Installs the packages of the lock file when they are not there yet. No package's install script is run.
 *
 * @returns {Promise<string>} what was done
 */
export async function install() {
  const lock = await readFile(join(ROOT, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const stamp = join(ROOT, 'node_modules/.tickbridge-installed');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return 'up to date';
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: ROOT });
  await writeFile(stamp, wanted);
  return 'installed';
}
