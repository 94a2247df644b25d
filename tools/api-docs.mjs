// Writes the specification of each service's API to docs/api: part of "npm run build".
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleProgram } from './lib/bundle.mjs';
import { ROOT } from './lib/workspace.mjs';

const program = join(ROOT, 'dist/tools/api-docs.mjs');
await bundleProgram(join(ROOT, 'tools/api-docs/write.ts'), program);
const { writeApiDocs } = await import(pathToFileURL(program).href);
await writeApiDocs(join(ROOT, 'docs/api'));
