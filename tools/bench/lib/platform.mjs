import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../lib/workspace.mjs';

/** In the workspace's own output folder: packages resolve to the workspace's, not to the peers' beside this file. */
const BUNDLE = join(ROOT, 'dist/bench/platform.mjs');

/** Builds the platform's libraries as tools/build.mjs builds a service, so that what is measured is what ships. */
export async function buildPlatform() {
  const { bundleProgram } = await import('../../lib/bundle.mjs');
  await bundleProgram(join(ROOT, 'tools/bench/lib/platform.entry.mjs'), BUNDLE);
}

/** The platform's public entry, as built last. */
export const platform = () => import(pathToFileURL(BUNDLE).href);

/** Version of a package of the platform or of the bench. */
export async function versionOf(name, folder) {
  return JSON.parse(await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
}
