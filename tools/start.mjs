// npm start: from a fresh clone to a running platform. Works before node_modules exists.
import { Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { buildIfNeeded } from './lib/build-if-needed.mjs';
import { claimDataFolder, explainFileError } from './lib/data-folder.mjs';
import { offerInfrastructure, withdrawInfrastructure } from './lib/infrastructure.mjs';
import { checkNode, install } from './lib/install.mjs';
import { isListening, until } from './lib/processes.mjs';
import { providePostgres } from './lib/postgres.mjs';
import { provideRedis } from './lib/redis.mjs';
import { bold, dim, red, step, UserError, yellow } from './lib/report.mjs';
import { EXIT_CONFIGURATION, readiness, Service } from './lib/services.mjs';
import { ROOT } from './lib/workspace.mjs';

const HELP = `
${bold('npm start')}: installs, provides Redis and PostgreSQL, starts all services and prints the dashboard's address.

  npm start                              simulated feed, 175 symbols
  FEED=binance npm start                 live crypto prices, no account needed
  FEED=simulator,binance npm start       several feeds at once
  FEED=replay REPLAY_FILE=… npm start    recorded frames
  npm start -- --infrastructure          only Redis and PostgreSQL, for "nx serve"
  npm start -- --help                    this text

Every setting is an environment variable; the README lists them. Ctrl-C stops everything that was started.
`;

/** Service, its port's variable and default. */
const PORTS = {
  'feed-simulator': ['SIMULATOR_PORT', 8084],
  'market-data': ['MARKET_DATA_PORT', 8001],
  'risk-manager': ['RISK_MANAGER_PORT', 8004],
  orchestrator: ['ORCHESTRATOR_PORT', 8003],
  dashboard: ['DASHBOARD_PORT', 8002],
};
const READY_TIMEOUT_MS = 120_000;
/** A service that is ready but degraded is given this long to find what it lacks. */
const SETTLE_MS = 6_000;
/** After one service failed to start, the others are given this long to fail for reasons of their own. */
const SAY_MS = 2_000;

const options = process.argv.slice(2);
if (options.includes('--help') || options.includes('-h')) {
  console.log(HELP);
  process.exit(0);
}
const unknown = options.filter((option) => !['--infrastructure', '--until-pipe-closes'].includes(option));
if (unknown.length > 0) {
  console.error(`Unknown option ${unknown.join(' ')}.\n${HELP}`);
  process.exit(2);
}

const dataDir = resolve(ROOT, process.env.DATA_DIR || '.data');
const feeds = (process.env.FEED || 'simulator').split(',').map((name) => name.trim());
/** What was started, and how to stop it; the last one first. */
const started = [];
let stopping;
/** When the first service failed to start. */
let failedAt;
/** Set once the dashboard has made or found its first user; with the password when it made it. */
let admin;

/** What this process has to say may go to a disk that is full or to a terminal that is gone; it goes on all the same. */
let unsaid = 0;
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => (unsaid += 1));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // npm passes the signal on as well, so it may come twice; a person who insists does not wait longer.
    if (!stopping) void stop(0);
  });
}

// For whoever starts this process outside its own tree: the pipe closes when that one ends, however it ends.
if (options.includes('--until-pipe-closes')) {
  const pipe = new Socket({ fd: 3 }).resume();
  pipe.on('error', () => undefined).on('close', () => !stopping && void stop(0));
}

try {
  await main();
} catch (failure) {
  if (!stopping) {
    const error = explainFileError(failure);
    console.error(
      `\n${red('Not started.')} ${error instanceof UserError ? error.message : (error.stack ?? error)}`,
    );
    await stop(error.exitCode ?? 1);
  }
}

async function main() {
  console.log(`\n${bold('Tickbridge')} ${dim('starting')}`);
  checkNode();
  started.push(await claimDataFolder(dataDir));
  await withdrawInfrastructure(dataDir);
  const infrastructureOnly = options.includes('--infrastructure');
  const services = infrastructureOnly ? [] : servicesFor(feeds);
  await step('ports', () => checkPorts(services));
  await step('packages', install);

  let redis;
  let postgres;
  await step('Redis', async () => {
    redis = await provideRedis(dataDir, warn);
    started.push(redis);
    return redis.origin;
  });
  await step('PostgreSQL', async () => {
    postgres = await providePostgres(dataDir, warn);
    started.push(postgres);
    return postgres.origin;
  });
  const settings = {
    ...(redis.url && { REDIS_URL: redis.url }),
    DATABASE_URL: postgres.url,
    DATA_DIR: dataDir,
  };
  if (infrastructureOnly) return serveInfrastructure(settings, redis, postgres);

  await step('build', buildIfNeeded);
  const env = { ...process.env, ...settings };
  await startAll(services, env);
  printSummary({ redis, postgres, services });
}

function servicesFor(feedNames) {
  // The simulator is a vendor of its own; other feeds have theirs.
  return Object.keys(PORTS).filter((name) => name !== 'feed-simulator' || feedNames.includes('simulator'));
}

function portOf(name) {
  const [variable, fallback] = PORTS[name];
  return Number(process.env[variable] || fallback);
}

async function checkPorts(services) {
  const seen = new Map();
  for (const name of services) {
    const [variable] = PORTS[name];
    const port = portOf(name);
    // What is no port is named by the service itself, together with every other variable it cannot use.
    if (!Number.isInteger(port) || port < 1 || port > 65_535) continue;
    const other = seen.get(port);
    if (other)
      throw new UserError(
        `${variable} and ${PORTS[other][0]} are both ${port}. Each service needs a port of its own.`,
      );
    seen.set(port, name);
  }
  const taken = [];
  for (const [port, name] of seen) {
    if (await isListening(port)) taken.push(`${portOf(name)} (${name}, set ${PORTS[name][0]})`);
  }
  if (taken.length === 0) return;
  const what = taken.length === 1 ? 'This port is in use' : 'These ports are in use';
  throw new UserError(`${what}: ${taken.join(', ')}. Stop what listens there or choose another port.`);
}

function warn(message) {
  if (!stopping) console.log(`  ${yellow('!')} ${message}`);
}

async function startService(name, env) {
  const service = new Service(name, {
    env,
    logDirectory: join(dataDir, 'logs'),
    onMessage: (message) => {
      if (message.type === 'admin-ready') admin = { password: message.password };
    },
    onExit: (event) => onExit(event),
    onDroppedLines: (lines, reason) => warn(`${lines} lines of ${name}'s log were dropped (${reason})`),
  });
  started.push(service);
  let failure;
  service.failed = (reason) => {
    failure = reason;
    failedAt ??= Date.now();
  };
  await service.start();
  await until(
    () => {
      if (failure) throw failure;
      // When one cannot start the others need not be waited for, beyond what they may have to say themselves.
      if (failedAt && Date.now() - failedAt > SAY_MS) throw new Error(`${name} was not waited for`);
      if (stopping) throw new Error('stopped while starting');
      return readiness(name, portOf(name));
    },
    { timeoutMs: READY_TIMEOUT_MS, everyMs: 100, what: `${name} being ready` },
  );
  service.ready = true;
  const isUp = async () =>
    (await readiness(name, portOf(name)))?.status === 'up' && (name !== 'dashboard' || admin);
  await until(isUp, { timeoutMs: SETTLE_MS, everyMs: 100 }).catch(() => undefined);
  const state = await readiness(name, portOf(name));
  return state?.status === 'degraded' ? `ready, degraded (${degradedParts(state)})` : 'ready';
}

function degradedParts(state) {
  return Object.entries(state.dependencies)
    .filter(([, { status }]) => status !== 'up')
    .map(([name, { detail }]) => (detail ? `${name}: ${detail}` : name))
    .join(', ');
}

function onExit({ service, code, signal, waitMs, restart }) {
  const how = signal ?? `status ${code}`;
  if (service.ready && code === EXIT_CONFIGURATION) {
    // Starting it again would not help.
    console.error(`\n${red('Stopped.')} ${service.name} cannot go on:\n\n${service.tail()}`);
    if (!stopping) void stop(EXIT_CONFIGURATION);
    return;
  }
  if (service.ready) {
    warn(`${service.name} ended (${how}), starting it again in ${waitMs / 1000} s. Log: ${service.logFile}`);
    restart();
    return;
  }
  const error = new UserError(
    `${service.name} ended (${how}):\n\n${service.tail()}\n\nLog: ${service.logFile}`,
  );
  error.service = service;
  error.exitCode = code === EXIT_CONFIGURATION ? EXIT_CONFIGURATION : 1;
  service.failed(error);
}

/** Every service's outcome; when several cannot use the environment, all of their problems at once. */
async function startAll(services, env) {
  const outcomes = await Promise.allSettled(
    services.map((name) => step(name, () => startService(name, env))),
  );
  const failures = outcomes.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
  if (failures.length === 0) return;
  const unusable = failures.filter(({ exitCode }) => exitCode === EXIT_CONFIGURATION);
  if (unusable.length === 0) throw failures.find(({ service }) => service) ?? failures[0];
  const texts = unusable.map(({ service }) => service.tail());
  const problems = new Set(texts.flatMap((text) => text.split('\n').filter((line) => line.startsWith('  '))));
  const error = new UserError(`These settings cannot be used:\n\n${[...problems].sort().join('\n')}\n`);
  error.exitCode = EXIT_CONFIGURATION;
  throw error;
}

async function serveInfrastructure(settings, redis, postgres) {
  await offerInfrastructure(dataDir, settings);
  // It is there until it is stopped, also when both servers are somebody else's.
  const timer = setInterval(() => undefined, 60_000);
  started.push({
    stop: () => {
      clearInterval(timer);
      return withdrawInfrastructure(dataDir);
    },
  });
  console.log(`
${bold('Redis and PostgreSQL are running.')} "nx serve" uses them while they do.

  Redis        ${redis.origin}
  PostgreSQL   ${postgres.origin}

  In another terminal:  npx nx serve dashboard      (one service: npx nx serve market-data)
  Ctrl-C stops both.
`);
}

function printSummary({ redis, postgres, services }) {
  const address = (name) => `http://127.0.0.1:${portOf(name)}`;
  const login = process.env.ADMIN_PASSWORD
    ? 'admin, with your ADMIN_PASSWORD'
    : admin?.password
      ? `admin / ${bold(admin.password)}   ${dim('shown this once')}`
      : 'admin, with the password shown at the first start';
  const descriptions = {
    simulator: `${yellow('SIMULATED')} prices, from ${address('feed-simulator')}`,
    replay: `${yellow('REPLAY')} of ${process.env.REPLAY_FILE}`,
  };
  console.log(`
${bold('Tickbridge is running.')}

  Dashboard    ${bold(address('dashboard'))}
  Login        ${login}
  Feed         ${feeds.map((feed) => descriptions[feed] ?? feed).join('\n               ')}
  Redis        ${redis.origin}
  PostgreSQL   ${postgres.origin}
  API pages    ${services.map((name) => `${name} ${address(name)}/docs`).join('\n               ')}
  Logs         ${join(dataDir, 'logs')}

  Ctrl-C stops everything.
`);
}

async function stop(status) {
  stopping = true;
  if (started.length > 0) console.log(`\n${dim('stopping')}`);
  for (const part of started.reverse()) {
    await Promise.resolve(part.stop()).catch((error) => console.error(`  ${red('✗')} ${error.message}`));
  }
  if (unsaid > 0) console.log(dim(`${unsaid} messages could not be written here`));
  console.log(dim('stopped'));
  process.exit(status);
}
