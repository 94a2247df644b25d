import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { waitFor } from '@tickbridge/shared-cache/testing';

export const WORKSPACE = resolve(__dirname, '../..');
/** Recorded market data lies beside the project, not in it. */
export const RECORDED = resolve(WORKSPACE, '../shared/data');

export type ServiceName = 'market-data' | 'orchestrator' | 'risk-manager' | 'dashboard' | 'feed-simulator';

/** Variable of each service's port. */
export const PORT_VARIABLES: Record<ServiceName, string> = {
  'market-data': 'MARKET_DATA_PORT',
  orchestrator: 'ORCHESTRATOR_PORT',
  'risk-manager': 'RISK_MANAGER_PORT',
  dashboard: 'DASHBOARD_PORT',
  'feed-simulator': 'SIMULATOR_PORT',
};

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** Set by the test runner; never absent in `npm test`. */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: run the tests through tools/test.mjs`);
  return value;
}

/** Where the platform is started, and as whom; by default this project, by whoever runs the tests. */
export interface StartedFrom {
  readonly workspace?: string;
  /** Words in front of the command. */
  readonly runAs?: readonly string[];
}

/** The platform as a person starts it: `npm start` in processes of its own, on free ports and a new data folder. */
export class Platform {
  output = '';
  private child: ChildProcess | undefined;

  private constructor(
    readonly dataDir: string,
    readonly ports: Record<ServiceName, number>,
    private readonly env: Record<string, string>,
    private readonly from: StartedFrom,
    /** Whether the data folder was made for it alone. */
    private readonly ownsData: boolean,
  ) {}

  /** A platform that is not started yet. Absent variables are those of a machine that never heard of Tickbridge. */
  static async prepare(env: Record<string, string> = {}, from: StartedFrom = {}): Promise<Platform> {
    const dataDir =
      env['DATA_DIR'] ??
      (from.workspace ? join(from.workspace, '.data') : await mkdtemp(join(tmpdir(), 'tickbridge-e2e-')));
    const names = Object.keys(PORT_VARIABLES) as ServiceName[];
    const free = await freePorts(names.length);
    const ports = Object.fromEntries(names.map((name, index) => [name, free[index]])) as Record<
      ServiceName,
      number
    >;
    return new Platform(dataDir, ports, env, from, env['DATA_DIR'] === undefined);
  }

  /** Further variables, before the start: some of them name ports that are known only then. */
  configure(env: Record<string, string>): void {
    Object.assign(this.env, env);
  }

  /** Starts and waits until it says that it runs. */
  static async start(env: Record<string, string> = {}, from: StartedFrom = {}): Promise<Platform> {
    const platform = await Platform.prepare(env, from);
    await platform.start();
    return platform;
  }

  /** Starts without waiting. */
  launch(): void {
    const ports = Object.entries(this.ports).map(([name, port]) => [
      PORT_VARIABLES[name as ServiceName],
      String(port),
    ]);
    this.output = '';
    const { workspace = WORKSPACE, runAs = [] } = this.from;
    const [command = '', ...args] = [...runAs, process.execPath, 'tools/start.mjs'];
    this.child = spawn(command, args, {
      cwd: workspace,
      env: {
        ...testClock(),
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        DATA_DIR: this.dataDir,
        ...Object.fromEntries(ports),
        // Left alone, strategies decide every five minutes and enter seldom: nobody waits for that here.
        STRATEGY_TIMEFRAME: '5s',
        STRATEGY_LEAST_EDGE: '0',
        ...this.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
  }

  async start(): Promise<void> {
    this.launch();
    await waitFor(
      () => {
        if (this.exitCode !== null) throw new Error(`npm start ended with ${this.exitCode}:\n${this.output}`);
        return this.output.includes('Tickbridge is running');
      },
      { timeoutMs: 90_000, everyMs: 50 },
    );
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get exitCode(): number | null {
    return this.child?.exitCode ?? null;
  }

  /** Waits for the end of a start that fails. @returns the exit status */
  async ended(): Promise<number | null> {
    if (this.child && this.child.exitCode === null) await once(this.child, 'exit');
    return this.exitCode;
  }

  /** Ctrl-C, and waits for the end. */
  async stop(): Promise<void> {
    this.child?.kill('SIGINT');
    await this.ended();
  }

  /** Stops and removes everything. */
  async dispose(): Promise<void> {
    await this.stop();
    if (this.ownsData) await rm(this.dataDir, { recursive: true, force: true });
  }

  /** First admin password, as printed at the first start. */
  get password(): string {
    const password = /admin \/ (\S+)/.exec(this.output)?.[1];
    if (!password) throw new Error(`no password printed:\n${this.output}`);
    return password;
  }

  url(service: ServiceName, path = ''): string {
    return `http://127.0.0.1:${this.ports[service]}${path}`;
  }

  async internalKey(): Promise<string> {
    return (
      this.env['INTERNAL_API_KEY'] ??
      (await readFile(join(this.dataDir, 'secrets/internal-api-key'), 'utf8')).trim()
    );
  }

  async get<T>(service: ServiceName, path: string): Promise<Answer<T>> {
    return this.call<T>(service, 'GET', path);
  }

  /** Calls with the internal key. */
  async call<T>(service: ServiceName, method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(this.url(service, path), {
      method,
      headers: {
        authorization: `Bearer ${await this.internalKey()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as T,
    };
  }

  async log(service: ServiceName): Promise<string> {
    return readFile(join(this.dataDir, 'logs', `${service}.log`), 'utf8');
  }
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port to be had');
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** The clock of the tests, when tools/repeat.mjs sets one, is the clock of the processes they start. */
function testClock(): Record<string, string> {
  const names = ['LD_PRELOAD', 'FAKETIME', 'FAKETIME_DONT_FAKE_MONOTONIC'];
  return Object.fromEntries(
    names.flatMap((name) =>
      process.env['FAKETIME'] && process.env[name] ? [[name, process.env[name]]] : [],
    ),
  );
}
