// npm run repeat: which tests depend on which of several things happens first, or on the time of day?
//
//   npm run repeat                                   each suite 30 times, half of them beside a process that eats a core
//   npm run repeat -- --project apps/orchestrator    one suite; words that follow select files, as in Jest
//   npm run repeat -- --times 10
//   npm run repeat -- --clocks                       once at each of the times below (Debian: apt-get install faketime)
//
// Lists what ever failed, and fails when anything did.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stopChild } from './lib/processes.mjs';
import { bold, dim, red, UserError } from './lib/report.mjs';
import { ROOT } from './lib/workspace.mjs';

const SUITES = [
  ...[
    'contracts',
    'trading-core',
    'shared-cache',
    'database',
    'calendars',
    'charges',
    'service-bootstrap',
  ].map((name) => `libs/${name}`),
  ...['feed-simulator', 'market-data', 'risk-manager', 'orchestrator', 'dashboard'].map(
    (name) => `apps/${name}`,
  ),
  'e2e',
];
/** Moments in UTC at which something ends, begins or is twice. */
const CLOCKS = {
  'before midnight in India': '2026-12-01 18:29:30',
  'after midnight in India': '2026-12-01 18:30:30',
  'before midnight UTC': '2026-12-01 23:59:30',
  'after midnight UTC': '2026-12-02 00:00:30',
  'before the session opens': '2026-12-02 03:44:59',
  'at the end of the session': '2026-12-02 10:00:00',
  'on a Sunday': '2026-12-06 06:00:00',
  'on a holiday': '2026-12-25 06:00:00',
  'on 29 February': '2028-02-29 06:00:00',
  'when New York goes forward': '2027-03-14 06:59:30',
  'when New York goes back': '2027-11-07 05:59:30',
};
const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
  (name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`,
);

const args = process.argv.slice(2);
const option = (name, fallback) => {
  const at = args.indexOf(name);
  return at < 0 ? fallback : args.splice(at, 2)[1];
};
const suite = option('--project', undefined);
const times = Number(option('--times', '30'));
const clocks = args.includes('--clocks');
const patterns = args.filter((each) => each !== '--clocks');
if (!Number.isInteger(times) || times < 1) {
  console.error('--times: expected a whole number from 1 on.');
  process.exit(2);
}

/** What failed, and in which runs. */
const failed = new Map();
for (const project of suite ? [suite] : SUITES) {
  for (const run of clocks ? runsByClock() : runsByNumber()) {
    const names = await once(project, run);
    for (const name of names) failed.set(name, [...(failed.get(name) ?? []), run.name]);
    console.log(
      `${project} ${dim(run.name)}: ${names.length === 0 ? 'green' : red(`${names.length} failed`)}`,
    );
  }
}
console.log(bold(failed.size === 0 ? '\nNothing ever failed.' : '\nWhat ever failed:'));
for (const [name, runs] of failed) console.log(`  ${name}\n    ${dim(runs.join(', '))}`);
process.exit(failed.size > 0 ? 1 : 0);

function runsByNumber() {
  return Array.from({ length: times }, (_, index) => ({
    name: `${index + 1} of ${times}${index % 2 === 1 ? ', beside a busy process' : ''}`,
    busy: index % 2 === 1,
    env: {},
  }));
}

function runsByClock() {
  const library = LIBRARIES.find((path) => existsSync(path));
  if (!library) throw new UserError('Clocks are set by libfaketime: apt-get install faketime.');
  return Object.entries(CLOCKS).map(([name, time]) => ({
    name,
    busy: false,
    // Only the tests and the processes they start; servers keep the clock of the machine.
    env: { TEST_CLOCK_LIBRARY: library, TEST_CLOCK: time },
  }));
}

/** @returns the full names of the tests that failed, or the run itself when it gave no result */
async function once(project, { name, busy, env }) {
  const eater = busy ? spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }) : undefined;
  try {
    const child = spawn(process.execPath, [join(ROOT, 'tools/test.mjs'), '--project', project, ...patterns], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const status = await new Promise((resolve) => child.once('close', resolve));
    if (status === 0) return [];
    const names = new Set([...output.matchAll(/^ {2}● (.+)$/gm)].map(([, text]) => `${project}: ${text}`));
    return names.size > 0
      ? [...names]
      : [`${project} ended with ${status} (${name}): ${output.trim().slice(-500)}`];
  } finally {
    if (eater) await stopChild(eater, 'SIGKILL');
  }
}
