import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNpm } from './programs.mjs';
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
  if (await isInstalled(JSON.parse(lock))) {
    await writeFile(stamp, wanted);
    return 'up to date';
  }
  await runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  await writeFile(stamp, wanted);
  return 'installed';
}

/** Whether somebody has run npm themselves: what it says it installed is what the lock file asks for. */
async function isInstalled({ packages }) {
  const file = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(file)) return false;
  const { packages: installed } = JSON.parse(await readFile(file, 'utf8'));
  return Object.entries(packages).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && !installed[path]),
  );
}
