// npx nx serve <app>: one part of the platform from its sources, started again whenever they change.
//
//   node tools/serve.mjs infrastructure     Redis and PostgreSQL, unless they run already
//   node tools/serve.mjs web                the web UI with hot reload
//   node tools/serve.mjs orchestrator       a service, with a port for a debugger
//
// Nx starts what each needs beside it (the "serve" targets in project.json).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { isClaimed } from './lib/data-folder.mjs';
import { offeredInfrastructure } from './lib/infrastructure.mjs';
import { stopChild, until } from './lib/processes.mjs';
import { APPS, ROOT } from './lib/workspace.mjs';

/** A change is often several files: they are taken together when no further one follows for so long (milliseconds). */
const QUIET_MS = 150;
const INFRASTRUCTURE_TIMEOUT_MS = 180_000;
/** So often the infrastructure is looked after (milliseconds). */
const CHECK_INTERVAL_MS = 1_000;
/** Where debuggers find the services; `.vscode/launch.json` knows them too. */
const FIRST_INSPECTOR_PORT = Number(process.env.INSPECTOR_PORT || 9230);
const WEB_PORT = Number(process.env.WEB_PORT || 5173);

const [name, ...rest] = process.argv.slice(2);
const names = ['infrastructure', 'web', ...APPS];
if (!names.includes(name) || rest.length > 0) {
  console.error(`Usage: node tools/serve.mjs <${names.join(' | ')}>`);
  process.exit(2);
}

const dataDir = resolve(ROOT, process.env.DATA_DIR || '.data');
/** How to stop what was started; the last one first. */
const started = [];
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));

try {
  if (name === 'infrastructure') await serveInfrastructure();
  else if (name === 'web') await serveWeb();
  else await serveService(name);
} catch (error) {
  console.error(error.message);
  await stop(1);
}

/**
 * Nx ends a task from its youngest processes upward, which servers take for crashes: PostgreSQL of its own processes,
 * whoever looks after Redis of Redis. So they run outside the task's tree, as long as the pipe to them is open, and are
 * told to stop by its end, however this process ends.
 */
async function serveInfrastructure() {
  if (await offeredInfrastructure(dataDir)) {
    console.log('Redis and PostgreSQL run already.');
    // Nx takes the end of a continuous task for its failure.
    started.push(keepRunning());
    return;
  }
  const launch = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 3],
  }).unref()`;
  const launcher = spawn(
    process.execPath,
    ['-e', launch, join(ROOT, 'tools/start.mjs'), '--infrastructure', '--until-pipe-closes'],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] },
  );
  await once(launcher, 'exit');
  started.push({
    stop: () => {
      launcher.stdio[3].destroy();
      return until(async () => !(await isClaimed(dataDir)), { what: 'the stop of Redis and PostgreSQL' });
    },
  });
  await until(() => offeredInfrastructure(dataDir), {
    what: 'Redis and PostgreSQL',
    timeoutMs: INFRASTRUCTURE_TIMEOUT_MS,
  });
  // Whoever waits for them is told by Nx when they are gone.
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, CHECK_INTERVAL_MS));
    if (!stopping && !(await isClaimed(dataDir))) throw new Error('Redis and PostgreSQL are gone.');
  }
}

async function serveWeb() {
  const { createServer } = await import('vite');
  const server = await createServer({
    configFile: join(ROOT, 'apps/dashboard/web/vite.config.ts'),
    server: { host: '127.0.0.1', port: WEB_PORT, strictPort: true },
  });
  started.push({ stop: () => server.close() });
  await server.listen();
  console.log(`The web UI with hot reload: http://127.0.0.1:${WEB_PORT}/`);
}

async function serveService(app) {
  const settings = await until(() => offeredInfrastructure(dataDir), {
    what: 'Redis and PostgreSQL',
    timeoutMs: INFRASTRUCTURE_TIMEOUT_MS,
  });
  const inspector = FIRST_INSPECTOR_PORT + APPS.indexOf(app);
  let child;
  let asked = 0;
  const start = () => {
    child = spawn(
      process.execPath,
      [
        ...['--enable-source-maps', `--inspect=127.0.0.1:${inspector}`],
        ...['-r', '@swc-node/register', join(ROOT, 'apps', app, 'src/main.ts')],
      ],
      {
        cwd: ROOT,
        stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
        env: {
          ...settings,
          TS_NODE_PROJECT: join(ROOT, 'tsconfig.base.json'),
          DASHBOARD_WEB_URL: `http://127.0.0.1:${WEB_PORT}`,
          ...process.env,
        },
      },
    );
    const mine = child;
    child.on('message', ({ type, password }) => {
      if (type === 'admin-ready' && password) console.log(`Sign in as admin / ${password}   shown this once`);
    });
    child.once('exit', (code) => {
      if (!stopping && mine === child && code !== null && code !== 0)
        console.error(`${app} ended with ${code}; it starts again with the next change.`);
    });
  };
  const restart = async () => {
    const turn = (asked += 1);
    await stopChild(child);
    if (!stopping && turn === asked) start();
  };
  start();
  started.push({ stop: () => stopChild(child) });

  const { watch } = await import('chokidar');
  // Folders are watched, not files: many editors save by putting a new file into the old one's place.
  const watcher = watch([join(ROOT, 'apps', app, 'src'), join(ROOT, 'libs')], {
    ignoreInitial: true,
    ignored: (path) => path.slice(ROOT.length).includes('node_modules') || path.endsWith('.spec.ts'),
  });
  let timer;
  watcher.on('all', (_event, path) => {
    if (!/\.(ts|json|sql)$/.test(path)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      console.log(`${path.slice(ROOT.length + 1)} changed: ${app} starts again.`);
      void restart();
    }, QUIET_MS);
  });
  started.push({ stop: () => watcher.close() });
  console.log(`${app}: debugger at 127.0.0.1:${inspector}`);
}

function keepRunning() {
  const timer = setInterval(() => undefined, 60_000);
  return { stop: () => clearInterval(timer) };
}

async function stop(code) {
  if (stopping) return;
  stopping = true;
  for (const part of started.reverse()) {
    await Promise.resolve(part.stop()).catch((error) => console.error(error.message));
  }
  process.exit(code);
}
