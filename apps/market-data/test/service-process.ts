import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FeedStatus, Readiness } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';

const WORKSPACE = join(__dirname, '../../..');
/** Compiling what it imports takes a process a while, several at once longer (ms). */
const START_MS = 60_000;

/** Key of the internal HTTP interface in tests. */
export const TEST_KEY = 'a-key-for-the-tests';

/** @returns the variable's value. @throws when the tests were not started through tools/test.mjs */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: run the tests through tools/test.mjs`);
  return value;
}

/** One service of the platform as a process of its own, on a port of its own choice. */
export class ServiceProcess {
  /** What it logged. */
  output = '';
  private address: string | undefined;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    child.on('message', (message: { type: string; address?: string }) => {
      if (message.type === 'listening') this.address = message.address;
    });
  }

  /** Starts it and waits until it listens. */
  static async start(app: string, env: Record<string, string>): Promise<ServiceProcess> {
    const child = fork(join(WORKSPACE, 'apps', app, 'src/main.ts'), [], {
      cwd: WORKSPACE,
      execArgv: ['-r', '@swc-node/register'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        TS_NODE_PROJECT: join(WORKSPACE, 'tsconfig.base.json'),
        INTERNAL_API_KEY: TEST_KEY,
        MARKET_DATA_PORT: '0',
        SIMULATOR_PORT: '0',
        ...env,
      },
    });
    const service = new ServiceProcess(child);
    await waitFor(
      () => {
        if (child.exitCode !== null)
          throw new Error(`${app} ended with ${child.exitCode}:\n${service.output}`);
        return service.address !== undefined;
      },
      { timeoutMs: START_MS, everyMs: 50 },
    );
    return service;
  }

  get url(): string {
    if (this.address === undefined) throw new Error('it does not listen');
    return this.address;
  }

  get port(): string {
    return new URL(this.url).port;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.fetch(path)).json() as Promise<T>;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    if (!this.alive) throw new Error(`the process ended:\n${this.output.slice(-4_000)}`);
    const headers = { authorization: `Bearer ${TEST_KEY}`, 'content-type': 'application/json' };
    return fetch(`${this.url}${path}`, { headers, signal: AbortSignal.timeout(5_000), ...init });
  }

  status(): Promise<FeedStatus> {
    return this.get('/api/v1/feed/status');
  }

  readiness(): Promise<Readiness> {
    return this.get('/health/ready');
  }

  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.alive) return;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
  }
}
