import { run } from '../../lib/processes.mjs';
import { ROOT } from '../../lib/workspace.mjs';

/** Builds the services as `npm start` does. */
export async function buildServices() {
  await run(process.execPath, ['tools/build.mjs'], { cwd: ROOT });
}
