// npm test: everything that must hold before a change lands. Works before node_modules exists.
//
//   npm test                          all of it
//   npm run check                     without the end-to-end tests
//   npm run test:unit                 one rung of the ladder: also test:integration, test:fault, test:e2e
//   node tools/test.mjs --project libs/shared-cache [jest options]
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { buildIfNeeded } from './lib/build-if-needed.mjs';
import { checkNode, install } from './lib/install.mjs';
import { freePort, isListening, stopChild, until, withParent } from './lib/processes.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { packageProgram, runPackage } from './lib/programs.mjs';
import { findOrInstallServer, startServer } from './lib/redis.mjs';
import { bold, dim, red, step, UserError } from './lib/report.mjs';
import { provideProgram } from './lib/system-packages.mjs';
import { ROOT } from './lib/workspace.mjs';

const PROJECTS = [
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
];

/** Rungs of the ladder by the names of their files: alone, with servers, and breaking things. */
const RUNGS = ['unit', 'integration', 'fault', 'e2e'];
/** What each rung leaves to the others; Jest's own patterns would add to those that a person gives. */
const LEFT_OUT = {
  unit: '\\.(integration|fault)\\.spec\\.ts$',
  integration: '(?<!\\.integration)\\.spec\\.ts$',
  fault: '(?<!\\.fault)\\.spec\\.ts$',
};

/** Bounds that matter are asserted; these only end what hangs, on slow machines too. */
const LONGEST_TEST_MS = 30_000;
const LONGEST_E2E_TEST_MS = 180_000;

/** Targets of tools/checks/project.json. */
const CHECKS = ['format', 'types', 'lint-all', 'api-pages', 'walls'];

/** The linter of the API pages asks nobody anything. */
const withoutTelemetry = {
  ...process.env,
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
};

/** So many files are named with the time they took. */
const SLOWEST = 10;

const args = process.argv.slice(2);
const onlyProject = takeOption('--project');
const rung = takeOption('--rung');
const withoutE2e = args.includes('--without-e2e');
const jestOptions = args.filter((option) => option !== '--without-e2e');

const workDir = await mkdtemp(join(tmpdir(), 'tickbridge-test-'));
/** What was started, and how to stop it. */
const started = [{ stop: () => rm(workDir, { recursive: true, force: true }) }];
let stopped;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => void stop().then(() => process.exit(130)));

let status = 1;
try {
  status = await main();
} catch (error) {
  console.error(`\n${red('Failed.')} ${error instanceof UserError ? error.message : (error.stack ?? error)}`);
} finally {
  await stop();
}
process.exit(status);

async function main() {
  console.log(`\n${bold('Tickbridge tests')}`);
  checkNode();
  if (rung !== undefined && !RUNGS.includes(rung))
    throw new UserError(`--rung ${rung}: expected one of ${RUNGS.join(', ')}`);
  await step('packages', install);
  const chosen = chosenProjects();
  const env = testEnvironment();
  if (await needServers(chosen ?? PROJECTS)) {
    await provide(env);
    // Processes that tests start run from bundles: compiling anew each time is what took longest.
    await step('build', buildIfNeeded);
    env.TEST_BUNDLES = join(ROOT, 'dist/apps');
  }
  if (chosen) return summarise([await jest(chosen, env)], []);

  const outcomes = [];
  const failures = [];
  // One thing that fails hides no other.
  const attempt = async (work) => {
    try {
      outcomes.push(await work());
    } catch (error) {
      failures.push(error);
    }
  };
  await attempt(async () => {
    await step(CHECKS.join(', '), checks);
    return { passed: 0, failed: 0, skipped: 0, files: [] };
  });
  await attempt(() => jest(PROJECTS, env));
  if (!withoutE2e) await attempt(() => jest(['e2e'], env));
  return summarise(outcomes, failures);
}

/** @returns the exit status */
function summarise(outcomes, failures) {
  const total = (count) => outcomes.reduce((sum, outcome) => sum + outcome[count], 0);
  const files = outcomes.flatMap((outcome) => outcome.files).sort((a, b) => b.seconds - a.seconds);
  if (files.length > 1) {
    console.log(`\nThe slowest files:`);
    for (const { seconds, file } of files.slice(0, SLOWEST))
      console.log(`  ${seconds.toFixed(1).padStart(6)} s  ${file}`);
  }
  for (const error of failures)
    console.error(
      `\n${red('Failed.')} ${error instanceof UserError ? error.message : (error.stack ?? error)}`,
    );
  console.log(
    `\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped` +
      (failures.length > 0 ? `, and ${failures.length} checks failed` : ''),
  );
  return total('failed') > 0 || failures.length > 0 ? 1 : 0;
}

/** What was asked for on the command line; `undefined` is everything. */
function chosenProjects() {
  if (onlyProject) return [onlyProject];
  if (rung === 'e2e') return ['e2e'];
  return rung ? PROJECTS : undefined;
}

/** Tests that stand alone start no server. */
async function needServers(projects) {
  if (rung === 'unit') return false;
  if (rung !== undefined || projects.includes('e2e')) return true;
  for (const project of projects) {
    for (const file of await readdir(join(ROOT, project), { recursive: true })) {
      if (/\.(integration|fault)\.spec\.ts$/.test(file)) return true;
    }
  }
  return false;
}

/** The settings of whoever runs the tests are not theirs. */
function testEnvironment() {
  const env = { ...process.env, NX_DAEMON: 'false', FORCE_COLOR: process.stdout.isTTY ? '1' : '0' };
  for (const name of ['REDIS_URL', 'DATABASE_URL', 'DATA_DIR', 'FEED', 'ADMIN_PASSWORD']) delete env[name];
  return env;
}

/** Real servers for the integration and end-to-end tests; nothing is skipped because something is missing. */
async function provide(env) {
  await step('Redis', async () => {
    const program = await findOrInstallServer();
    if (!program) throw new UserError('The tests need redis-server or valkey-server on the path.');
    const redis = await startServer(program.path, workDir, { durable: false });
    started.push(redis);
    Object.assign(env, { TEST_REDIS_URL: redis.url, TEST_REDIS_PROGRAM: program.path });
    return program.origin;
  });
  await step('PostgreSQL', async () => {
    const postgres = await startPostgres(join(workDir, 'postgres'), { durable: false });
    started.push(postgres);
    env.TEST_DATABASE_URL = postgres.url;
    return 'embedded';
  });
  await step('Memcached', async () => {
    const program = await provideProgram(['memcached'], 'memcached');
    const port = await freePort();
    const runAs = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    const [command, commandArgs] = withParent(
      program,
      ['-l', '127.0.0.1', '-p', String(port), '-m', '64', ...runAs],
      'TERM',
    );
    const child = spawn(command, commandArgs, { stdio: 'ignore' });
    started.push({ stop: () => stopChild(child) });
    await until(() => isListening(port), { what: 'Memcached answering' });
    env.TEST_MEMCACHED = `127.0.0.1:${port}`;
    return program;
  });
  await step('Chromium', async () => {
    env.TEST_CHROMIUM = await provideProgram(['chromium', 'chromium-browser', 'google-chrome'], 'chromium');
    return env.TEST_CHROMIUM;
  });
}

/** Takes an option with its value from the arguments. */
function takeOption(name) {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args.splice(at, 2)[1];
}

/** Everything that is checked without running the code; Nx remembers what passed on the same files. */
async function checks() {
  const targets = ['--projects', 'workspace', '--targets', ...CHECKS];
  const env = { ...withoutTelemetry, NX_DAEMON: 'false' };
  const output = await runPackage('nx', ['run-many', ...targets, '--parallel', '5'], { env });
  const [remembered] = /\d+ out of \d+ tasks/.exec(output) ?? [];
  return remembered ? `nothing has changed for ${remembered}` : undefined;
}

/** The clock that tools/repeat.mjs wishes the tests and their processes to have. */
function clock() {
  const { TEST_CLOCK: time, TEST_CLOCK_LIBRARY: library } = process.env;
  if (!time || !library) return {};
  return { LD_PRELOAD: library, FAKETIME: `@${time}`, FAKETIME_DONT_FAKE_MONOTONIC: '1', TZ: 'UTC' };
}

/** Two at a time, unless something else was asked for. */
function workersOf(options) {
  const chosen = options.some((option) => /^(-i|--runInBand|-w|--maxWorkers)\b/.test(option));
  return chosen ? [] : ['--maxWorkers', '2'];
}

/** Runs Jest with its output shown, and counts from its report. */
async function jest(projects, env) {
  const report = join(workDir, `jest-${projects.length}-${projects[0].replaceAll('/', '-')}.json`);
  const child = spawn(
    process.execPath,
    [
      packageProgram('jest'),
      ...['--selectProjects', ...projects],
      ...['--json', '--outputFile', report],
      ...workersOf(jestOptions),
      ...(LEFT_OUT[rung]
        ? ['--passWithNoTests', '--testPathIgnorePatterns', LEFT_OUT[rung], '/node_modules/']
        : []),
      ...['--testTimeout', String(projects.includes('e2e') ? LONGEST_E2E_TEST_MS : LONGEST_TEST_MS)],
      ...jestOptions,
    ],
    { cwd: ROOT, env: { ...env, ...clock() }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  started.push({ stop: () => stopChild(child) });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const result = existsSync(report) ? JSON.parse(await readFile(report, 'utf8')) : undefined;
  if (!result) throw new Error(`Jest ended with ${code} and left no report`);
  // A suite that could not be loaded has no failed test of its own.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  if (code !== 0 && failed === 0) throw new Error(`Jest ended with ${code} although no test failed`);
  const skipped = result.numPendingTests + result.numTodoTests;
  console.log(dim(`${projects.join(', ')}: ${result.numPassedTests} passed, ${failed} failed`));
  const files = result.testResults.map(({ name, startTime, endTime }) => ({
    file: relative(ROOT, name),
    seconds: (endTime - startTime) / 1000,
  }));
  return { passed: result.numPassedTests, failed, skipped, files };
}

async function stop() {
  if (stopped) return;
  stopped = true;
  for (const part of started.reverse()) {
    await Promise.resolve(part.stop()).catch((error) => console.error(error.message));
  }
}
