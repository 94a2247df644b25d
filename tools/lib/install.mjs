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

/** Says which lock file the packages that lie there are of. */
const STAMP = join(ROOT, 'node_modules/.tickbridge-installed');

/**
 * Installs the packages of the lock file when they are not there yet. No package's install script is run.
 *
 * @returns {Promise<string>} what was done
 */
export async function install() {
  const wanted = await fingerprint();
  if (existsSync(STAMP) && (await readFile(STAMP, 'utf8')) === wanted) return 'up to date';
  await runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  await writeFile(STAMP, wanted);
  return 'installed';
}

/** A person has installed everything: it need not be done again, least of all under programs that run from it. */
export async function noteInstalled() {
  await writeFile(STAMP, await fingerprint());
}

async function fingerprint() {
  return createHash('sha256')
    .update(await readFile(join(ROOT, 'package-lock.json')))
    .digest('hex');
}
