import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../lib/workspace.mjs';

/** In the workspace's own output folder: packages resolve to the workspace's, not to the peers' beside this file. */
const BUNDLE = join(ROOT, 'dist/bench/platform.mjs');

/** Builds the platform's libraries as tools/build.mjs builds a service, so that what is measured is what ships. */
export async function buildPlatform() {
  const [{ transform }, { rolldown }] = await Promise.all([import('@swc/core'), import('rolldown')]);
  const swc = {
    name: 'swc',
    async transform(code, id) {
      if (!/\.tsx?$/.test(id)) return null;
      const result = await transform(code, {
        filename: id,
        sourceMaps: true,
        swcrc: false,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      });
      return { code: result.code, map: result.map, moduleType: 'js' };
    },
  };
  const build = await rolldown({
    input: join(ROOT, 'tools/bench/lib/platform.entry.mjs'),
    cwd: ROOT,
    platform: 'node',
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('@tickbridge/'),
    plugins: [swc],
    logLevel: 'warn',
  });
  await build.write({ file: BUNDLE, format: 'esm', sourcemap: true });
  await build.close();
}

/** The platform's public entry, as built last. */
export const platform = () => import(pathToFileURL(BUNDLE).href);

/** Version of a package of the platform or of the bench. */
export async function versionOf(name, folder) {
  return JSON.parse(await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
}
