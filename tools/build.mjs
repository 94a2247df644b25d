// Bundles the services into dist/apps/<app>/main.mjs and the web UI into dist/apps/dashboard/web.
//
//   node tools/build.mjs [app...]     default: all
//
// Own code and the workspace's libraries go into one file per service; most packages stay in node_modules.
import { cp, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleProgram } from './lib/bundle.mjs';
import { writeSbom } from './lib/sbom.mjs';
import { APPS, ROOT } from './lib/workspace.mjs';

/** Programs beside the services: source and bundle. */
const COMMANDS = { dashboard: [['user.main.ts', 'user.mjs']] };

async function bundle(app) {
  const output = join(ROOT, 'dist/apps', app);
  for (const [source, target] of [['main.ts', 'main.mjs'], ...(COMMANDS[app] ?? [])]) {
    await bundleProgram(join(ROOT, 'apps', app, 'src', source), join(output, target));
  }
  const migrations = join(ROOT, 'libs/database/migrations');
  if ((await readFile(join(output, 'main.mjs'), 'utf8')).includes('drizzle-orm')) {
    await cp(migrations, join(output, 'migrations'), { recursive: true });
  }
}

async function bundleWeb() {
  const web = join(ROOT, 'apps/dashboard/web');
  if (!existsSync(join(web, 'index.html'))) return;
  const { build } = await import('vite');
  await build({ root: web, configFile: resolve(web, 'vite.config.ts'), logLevel: 'warn' });
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((app) => !APPS.includes(app));
if (unknown.length > 0) {
  console.error(`No app named ${unknown.join(', ')}. The apps are: ${APPS.join(', ')}.`);
  process.exit(2);
}
const apps = wanted.length > 0 ? wanted : APPS;
const started = performance.now();
await Promise.all([...apps.map(bundle), ...(apps.includes('dashboard') ? [bundleWeb()] : []), writeSbom()]);
console.log(`built ${apps.join(', ')} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
