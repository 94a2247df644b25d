// Which way imports may point: "npm run walls". Who may import which package is ESLint's to say (eslint.config.mjs).
import { readdirSync } from 'node:fs';

/** Rooms of the orchestrator, the ground floor first: each imports from its own floor and those below. */
const FLOORS = [
  ['rows', 'crash-points', 'pipeline-counters', 'concurrency'],
  ['market'],
  ['accounts'],
  ['order-charges'],
  ['positions'],
  ['tokens'],
  ['trading-state'],
  ['signals'],
  ['strategies'],
  ['risk'],
  ['brokers'],
  ['portfolio'],
  ['journal'],
  ['orders'],
  ['traders'],
  ['desk'],
  ['trading-loop'],
  ['trace'],
];
const ROOT = '^apps/orchestrator/src';
for (const { name } of readdirSync('apps/orchestrator/src', { withFileTypes: true }).filter((each) =>
  each.isDirectory(),
)) {
  if (name !== 'testing' && !FLOORS.flat().includes(name))
    throw new Error(`apps/orchestrator/src/${name} is on no floor: give it one in .dependency-cruiser.mjs`);
}
const either = (rooms) => `${ROOT}/(?:${rooms.join('|')})/`;

const floors = FLOORS.slice(0, -1).map((rooms, floor) => ({
  name: `orchestrator-${rooms[0]}-imports-downward`,
  comment:
    'A room imports from its own floor and those below; turn it round with a port that the lower room owns.',
  severity: 'error',
  from: { path: either(rooms), pathNot: '\\.spec\\.ts$' },
  to: { path: `${either(FLOORS.slice(floor + 1).flat())}|${ROOT}/[^/]+\\.ts$` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle-of-files',
      comment: 'Two files that need each other are one story, or a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-circle-of-folders',
      comment: 'Folders that need each other are one folder, or imports must be turned round.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^(?:apps|libs)/' },
      to: { circular: true },
    },
    ...floors,
  ],
  options: {
    includeOnly: '^(apps|libs)/',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)node_modules/|\\.spec\\.tsx?$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
  },
};
