import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Clone } from './clone';

interface Finding {
  ruleId: string | null;
  message: string;
}
interface Linted {
  filePath: string;
  messages: Finding[];
}

/** A file that breaks a wall: where it lies, what it says, and what refuses it. */
const WALLS: [name: string, file: string, text: string, rule: string][] = [
  [
    'trading-core reads files',
    'libs/trading-core/src/x.ts',
    "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    'no-restricted-imports',
  ],
  [
    'trading-core opens sockets',
    'libs/trading-core/src/x.ts',
    "import { WebSocket } from 'ws';\nexport const x = WebSocket;\n",
    'no-restricted-imports',
  ],
  [
    'trading-core fetches',
    'libs/trading-core/src/x.ts',
    "export const x = () => fetch('http://a');\n",
    'no-restricted-globals',
  ],
  [
    'trading-core asks the clock',
    'libs/trading-core/src/x.ts',
    'export const x = () => Date.now();\n',
    'no-restricted-properties',
  ],
  [
    'trading-core asks the clock by a new date',
    'libs/trading-core/src/x.ts',
    'export const x = () => new Date();\n',
    'no-restricted-syntax',
  ],
  [
    'trading-core throws dice',
    'libs/trading-core/src/x.ts',
    'export const x = () => Math.random();\n',
    'no-restricted-properties',
  ],
  [
    'trading-core knows a framework',
    'libs/trading-core/src/x.ts',
    "import { Injectable } from '@nestjs/common';\nexport const x = Injectable;\n",
    'no-restricted-imports',
  ],
  [
    'trading-core imports at run time',
    'libs/trading-core/src/x.ts',
    "export const x = () => import('zod');\n",
    'no-restricted-syntax',
  ],
  [
    'contracts read files',
    'libs/contracts/src/x.ts',
    "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    'no-restricted-imports',
  ],
  [
    'contracts import another library',
    'libs/contracts/src/x.ts',
    "import { Decimal } from 'decimal.js';\nexport const x = Decimal;\n",
    'no-restricted-imports',
  ],
  [
    'the web UI imports its server',
    'apps/dashboard/web/src/panels/x.ts',
    "import { readConfig } from '../../../src/app.config';\nexport const x = readConfig;\n",
    'no-restricted-imports',
  ],
  [
    'the web UI imports a module of Node',
    'apps/dashboard/web/src/panels/x.ts',
    "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    'no-restricted-imports',
  ],
  [
    'the web UI imports another library',
    'apps/dashboard/web/src/panels/x.ts',
    "import { keys } from '@tickbridge/shared-cache';\nexport const x = keys;\n",
    'no-restricted-imports',
  ],
  [
    'production code imports test helpers',
    'apps/orchestrator/src/x.ts',
    "import { waitFor } from '@tickbridge/shared-cache/testing';\nexport const x = waitFor;\n",
    'no-restricted-imports',
  ],
  [
    'a service reads the environment',
    'apps/orchestrator/src/x.ts',
    "export const x = process.env['HOME'];\n",
    'no-restricted-properties',
  ],
  [
    'a service reads the environment by another name',
    'apps/orchestrator/src/x.ts',
    "export const x = globalThis.process.env['HOME'];\n",
    'no-restricted-syntax',
  ],
  [
    'a service imports the environment',
    'apps/orchestrator/src/x.ts',
    "import { env } from 'node:process';\nexport const x = env;\n",
    'no-restricted-imports',
  ],
  [
    'a service imports the environment by its old name',
    'apps/orchestrator/src/x.ts',
    "import { env } from 'process';\nexport const x = env;\n",
    'no-restricted-imports',
  ],
  [
    'a service reads the environment as a property by name',
    'apps/orchestrator/src/x.ts',
    "export const x = globalThis['process'].env['HOME'];\n",
    'no-restricted-syntax',
  ],
  [
    'the start of a service imports test helpers',
    'apps/orchestrator/src/x.main.ts',
    "import { waitFor } from '@tickbridge/shared-cache/testing';\nexport const x = waitFor;\n",
    'no-restricted-imports',
  ],
  [
    'the web UI imports a package of the server',
    'apps/dashboard/web/src/panels/x.ts',
    "import { Redis } from 'ioredis';\nexport const x = Redis;\n",
    'no-restricted-imports',
  ],
  [
    'the web UI imports a module of Node by its old name',
    'apps/dashboard/web/src/panels/x.ts',
    "import { readFileSync } from 'fs';\nexport const x = readFileSync;\n",
    'no-restricted-imports',
  ],
  [
    'a service imports another',
    'apps/orchestrator/src/x.ts',
    "import { readConfig } from '../../dashboard/src/app.config';\nexport const x = readConfig;\n",
    '@nx/enforce-module-boundaries',
  ],
  [
    'a library imports a service',
    'libs/database/src/x.ts',
    "import { readConfig } from '../../../apps/dashboard/src/app.config';\nexport const x = readConfig;\n",
    '@nx/enforce-module-boundaries',
  ],
  [
    'a promise floats',
    'apps/orchestrator/src/x.ts',
    'export function x(): void {\n  Promise.resolve(1);\n}\n',
    '@typescript-eslint/no-floating-promises',
  ],
  [
    'what is no promise is awaited',
    'apps/orchestrator/src/x.ts',
    'export async function x(): Promise<void> {\n  await 1;\n}\n',
    '@typescript-eslint/await-thenable',
  ],
  [
    'a switch leaves a case out',
    'apps/orchestrator/src/x.ts',
    "export function x(side: 'BUY' | 'SELL'): void {\n  switch (side) {\n    case 'BUY':\n  }\n}\n",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
];

/** Files that point the wrong way, and the rule that refuses them. */
const CIRCLES: [name: string, files: Record<string, string>, rule: string][] = [
  [
    'a room imports from a floor above',
    {
      'apps/orchestrator/src/rows/wall-up.ts':
        "import { OrderLedger } from '../orders/order-ledger';\nexport const up = OrderLedger;\n",
    },
    'orchestrator-rows-imports-downward',
  ],
  [
    'two files need each other',
    {
      'libs/database/src/wall-a.ts': "import type { B } from './wall-b';\nexport type A = { b: B };\n",
      'libs/database/src/wall-b.ts': "import type { A } from './wall-a';\nexport type B = { a: A };\n",
    },
    'no-circle-of-files',
  ],
  [
    'two folders need each other',
    {
      'libs/trading-core/src/wall-1/a.ts': "import { b } from '../wall-2/b';\nexport const a = b;\n",
      'libs/trading-core/src/wall-2/b.ts': 'export const b = 1;\n',
      'libs/trading-core/src/wall-2/d.ts': "import { c } from '../wall-1/c';\nexport const d = c;\n",
      'libs/trading-core/src/wall-1/c.ts': 'export const c = 1;\n',
    },
    'no-circle-of-folders',
  ],
];

describe('the walls of the house', () => {
  let clone: Clone;
  let findings: Linted[];
  let circles: { summary: { violations: { from: string; rule: { name: string } }[] } };

  beforeAll(async () => {
    clone = await Clone.make('tickbridge', 0o755);
    const files = WALLS.map(([, file], index) => file.replace('/x.', `/wall-${index}.`));
    for (const [index, [, , text]] of WALLS.entries()) {
      const path = join(clone.workspace, files[index] ?? '');
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    for (const [path, text] of CIRCLES.flatMap(([, each]) => Object.entries(each))) {
      await mkdir(dirname(join(clone.workspace, path)), { recursive: true });
      await writeFile(join(clone.workspace, path), text);
    }
    const env = { ...process.env, NX_DAEMON: 'false' };
    const run = (program: string, args: string[]) =>
      new Promise<string>((resolve) =>
        execFile(
          process.execPath,
          [join('node_modules', program), ...args],
          { cwd: clone.workspace, env, maxBuffer: 64 * 1024 * 1024 },
          (_error, stdout) => resolve(stdout),
        ),
      );
    // The boundary rule reads the project graph Nx keeps.
    await run('nx/dist/bin/nx.js', ['show', 'projects']);
    findings = JSON.parse(await run('eslint/bin/eslint.js', ['--format', 'json', ...files])) as Linted[];
    const cruise = [
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      'apps',
      'libs',
    ] as const;
    const [program, ...args] = [...cruise, '--output-type', 'json'];
    circles = JSON.parse(await run(program, args)) as typeof circles;
  }, 180_000);

  afterAll(() => clone?.remove());

  it.each(WALLS.map(([name, , , rule], index) => [name, rule, index] as const))(
    'refuse that %s',
    (_name, rule, index) => {
      const linted = findings.find(({ filePath }) => filePath.includes(`/wall-${index}.`));
      expect(linted?.messages.map(({ ruleId }) => ruleId)).toContain(rule);
    },
  );

  it.each(CIRCLES)('refuse that %s', (_name, files, rule) => {
    const places = Object.keys(files).flatMap((path) => [path, dirname(path)]);
    const found = circles.summary.violations.filter(({ from }) => places.includes(from));
    expect(found.map(({ rule: { name } }) => name)).toContain(rule);
  });
});
