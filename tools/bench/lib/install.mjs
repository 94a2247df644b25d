import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../lib/processes.mjs';
import { BENCH } from './folder.mjs';

/**
 * Installs the peers when they are not there yet. No package's install script is run.
 *
 * @returns {Promise<string>} what was done
 */
export async function installPeers() {
  const lock = await readFile(join(BENCH, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const stamp = join(BENCH, 'node_modules/.tickbridge-installed');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return 'up to date';
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: BENCH });
  await writeFile(stamp, wanted);
  return 'installed';
}
