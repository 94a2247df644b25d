import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleProgram } from '../lib/bundle.mjs';
import { ROOT } from '../lib/workspace.mjs';
import { RECORDINGS } from './settings.mjs';

/** Runs the platform's backtests and writes them, with the facts they rest on, into a folder. */
export async function writePlatformRuns(directory, runs, dataFolder) {
  const program = join(ROOT, 'dist/tools/recompute.mjs');
  await bundleProgram(join(ROOT, 'tools/recompute/platform/write-runs.ts'), program);
  const { writeFacts, writeRuns } = await import(pathToFileURL(program).href);
  writeFacts(directory);
  writeRuns(dataFolder, RECORDINGS, runs, directory);
}
