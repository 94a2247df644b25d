import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { Browser, Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { fillSignIn, openBrowser, openPage, screenshot, seen } from './browser';
import { Clone } from './clone';
import { freePorts } from './platform';

/** Starting from sources compiles them, on slow machines for a while (milliseconds). */
const START_MS = 180_000;

interface DebuggerEvent {
  scriptId: string;
  url: string;
  callFrames: { url: string; location: { scriptId: string } }[];
}

describe('nx serve dashboard, in a fresh clone', () => {
  let clone: Clone;
  let served: ChildProcess;
  let output = '';
  let browser: Browser;
  let page: Page;
  let ports: { dashboard: number; orchestrator: number; riskManager: number; web: number; inspector: number };

  beforeAll(async () => {
    clone = await Clone.make('tickbridge', 0o755);
    // What a session that was killed has left must not be believed.
    const data = join(clone.workspace, '.data');
    await mkdir(data);
    await writeFile(join(data, 'infrastructure.env'), 'DATABASE_URL=postgresql://127.0.0.1:1/gone\n');
    await writeFile(join(data, 'start.pid'), '1 long ago');
    const [simulator = 0, marketData = 0, riskManager = 0, orchestrator = 0, dashboard = 0, web = 0] =
      await freePorts(6);
    // Five in a row: a port that is free now and its neighbours, far from those that systems hand out.
    const inspector = 20_000 + (web % 10_000);
    ports = { dashboard, orchestrator, riskManager, web, inspector };
    served = spawn(process.execPath, ['node_modules/nx/dist/bin/nx.js', 'serve', 'dashboard'], {
      cwd: clone.workspace,
      // A group of its own: Nx has children that it may not get to end.
      detached: true,
      env: {
        PATH: process.env['PATH'],
        HOME: clone.home,
        NX_DAEMON: 'false',
        SIMULATOR_PORT: String(simulator),
        MARKET_DATA_PORT: String(marketData),
        RISK_MANAGER_PORT: String(riskManager),
        ORCHESTRATOR_PORT: String(orchestrator),
        DASHBOARD_PORT: String(dashboard),
        WEB_PORT: String(web),
        INSPECTOR_PORT: String(inspector),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [served.stdout, served.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    browser = await openBrowser();
    page = await openPage(browser);
    // Sources are compiled as they are asked for.
    page.setDefaultTimeout(START_MS);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    if (served?.pid !== undefined && served.exitCode === null) {
      process.kill(-served.pid, 'SIGTERM');
      await once(served, 'exit');
    }
    await waitFor(async () => !(await isReady(ports.dashboard)));
    await clone?.remove();
  }, 60_000);

  const isReady = async (port: number) =>
    (await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined))?.ok === true;
  /** As many editors save: a new file takes the old one's place. */
  const save = async (path: string, text: string) => {
    const file = join(clone.workspace, path);
    await writeFile(`${file}.draft`, text);
    await rename(`${file}.draft`, file);
  };
  const source = (path: string) => readFile(join(clone.workspace, path), 'utf8');

  it(
    'starts everything the dashboard needs and says how to sign in',
    async () => {
      const password = await waitFor(() => /Sign in as admin \/ (\S+)/.exec(output)?.[1], {
        timeoutMs: START_MS,
        everyMs: 200,
      }).catch((cause: unknown) => {
        throw new Error(`nobody can sign in:\n${output}`, { cause });
      });
      for (const port of [ports.dashboard, ports.orchestrator, ports.riskManager])
        await waitFor(() => isReady(port), { timeoutMs: START_MS, everyMs: 200 });
      await page.goto(`http://127.0.0.1:${ports.dashboard}/sign-in`);
      expect(page.url()).toBe(`http://127.0.0.1:${ports.web}/sign-in`);
      await fillSignIn(page, password);
      await seen(page.getByRole('region', { name: 'Accounts' }).getByText('PAPER_TRADER_001'));
    },
    3 * START_MS,
  );

  it(
    'shows a change of a panel without loading the page again',
    async () => {
      await page.locator('body').evaluate((body) => body.setAttribute('data-still', 'here'));
      const path = 'apps/dashboard/web/src/panels/accounts-panel.tsx';
      const text = await source(path);
      expect(text).toContain('<Panel title="Accounts"');
      await save(path, text.replace('<Panel title="Accounts"', '<Panel title="Accounts, changed"'));
      await page.getByRole('region', { name: 'Accounts, changed' }).waitFor();
      expect(await page.getAttribute('body', 'data-still')).toBe('here');
      await screenshot(page, 'served-panel');
    },
    START_MS + 30_000,
  );

  it('starts a service again once a syntax error is mended', async () => {
    const path = 'apps/risk-manager/src/main.ts';
    const text = await source(path);
    await save(path, `${text}\nconst = ;\n`);
    await waitFor(async () => !(await isReady(ports.riskManager)), { timeoutMs: 60_000, everyMs: 100 });
    await waitFor(() => output.includes('it starts again with the next change'), { timeoutMs: 60_000 });
    await save(path, text);
    await waitFor(() => isReady(ports.riskManager), { timeoutMs: START_MS, everyMs: 200 });
  }, 240_000);

  it('stops at a breakpoint in the trading loop', async () => {
    const targets = await waitFor(async () => {
      const answer = await fetch(`http://127.0.0.1:${ports.inspector + 3}/json`);
      return (await answer.json()) as { webSocketDebuggerUrl: string }[];
    });
    const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
    await once(socket, 'open');
    const scripts = new Map<string, string>();
    try {
      const paused = new Promise<string>((resolve) => {
        socket.on('message', (data: Buffer) => {
          const { method, params } = JSON.parse(data.toString()) as {
            method?: string;
            params: DebuggerEvent;
          };
          if (method === 'Debugger.scriptParsed') scripts.set(params.scriptId, params.url);
          if (method !== 'Debugger.paused') return;
          const [frame] = params.callFrames;
          resolve(frame === undefined ? 'nowhere' : (scripts.get(frame.location.scriptId) ?? frame.url));
        });
      });
      const call = (id: number, method: string, params: object = {}) =>
        socket.send(JSON.stringify({ id, method, params }));
      call(1, 'Debugger.enable');
      // Any line of it: what runs with each bar.
      for (let line = 40; line < 120; line += 1)
        call(line, 'Debugger.setBreakpointByUrl', { lineNumber: line, urlRegex: '.*/trading-loop\\.ts$' });
      expect(await paused).toMatch(/trading-loop\.ts$/);
    } finally {
      socket.terminate();
    }
  }, 90_000);

  it('ends with one Ctrl-C, and leaves no server, no claim and no damaged database', async () => {
    process.kill(-(served.pid ?? 0), 'SIGINT');
    if (served.exitCode === null && served.signalCode === null) await once(served, 'exit');
    const left = () =>
      execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes(clone.home));
    await waitFor(() => left().length === 0, { timeoutMs: 30_000 });
    const data = await readdir(join(clone.workspace, '.data'));
    expect(data).not.toContain('start.pid');
    expect(data).not.toContain('infrastructure.env');
    // A cluster that was shut down has taken its own away.
    expect(await readdir(join(clone.workspace, '.data/postgres'))).not.toContain('postmaster.pid');
  }, 60_000);
});
