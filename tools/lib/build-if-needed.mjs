import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './processes.mjs';
import { ROOT } from './workspace.mjs';

const SOURCES = [
  'apps',
  'libs',
  'tools/build.mjs',
  'tools/lib/bundle.mjs',
  'tools/lib/sbom.mjs',
  'package-lock.json',
  'tsconfig.base.json',
];

/** Builds services and web UI unless the last build was made from these very sources. */
export async function buildIfNeeded() {
  const stamp = join(ROOT, 'dist/.sources');
  const wanted = await fingerprint();
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return 'up to date';
  await run(process.execPath, ['tools/build.mjs'], { cwd: ROOT });
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  await writeFile(stamp, wanted);
  return 'built';
}

/** Changes with every file's path and content; times differ between copies of the same. */
async function fingerprint() {
  const hash = createHash('sha256');
  const visit = async (path) => {
    const info = await stat(join(ROOT, path)).catch(() => undefined);
    if (!info) return;
    if (info.isDirectory()) {
      for (const entry of (await readdir(join(ROOT, path))).sort()) {
        if (entry !== 'node_modules' && entry !== 'dist') await visit(`${path}/${entry}`);
      }
    } else hash.update(`${path}\n${info.size}\n`).update(await readFile(join(ROOT, path)));
  };
  for (const source of SOURCES) await visit(source);
  return hash.digest('hex');
}
