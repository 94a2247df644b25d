import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from '@tickbridge/shared-cache/testing';

const WORKSPACE = join(__dirname, '../../..');
/** Compiling what it imports takes a process a while, several at once longer (ms). */
const START_MS = 90_000;

/** Key of the internal HTTP interface in tests. */
export const TEST_KEY = 'a-key-for-the-tests';

/** @returns the variable's value. @throws when the tests were not started through tools/test.mjs */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: run the tests through tools/test.mjs`);
  return value;
}

/** An orchestrator as a process of its own. */
export class OrchestratorProcess {
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

  /** Starts it without waiting: it may end before it listens. */
  static spawn(env: Record<string, string>): OrchestratorProcess {
    const child = fork(join(WORKSPACE, 'apps/orchestrator/src/main.ts'), [], {
      cwd: WORKSPACE,
      execArgv: ['-r', '@swc-node/register'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        TS_NODE_PROJECT: join(WORKSPACE, 'tsconfig.base.json'),
        INTERNAL_API_KEY: TEST_KEY,
        ORCHESTRATOR_PORT: '0',
        ...env,
      },
    });
    return new OrchestratorProcess(child);
  }

  /** Starts it and waits until it listens. */
  static async start(env: Record<string, string>): Promise<OrchestratorProcess> {
    const service = OrchestratorProcess.spawn(env);
    await service.listening();
    return service;
  }

  async listening(): Promise<void> {
    await waitFor(
      () => {
        if (!this.alive) throw new Error(`the orchestrator ended:\n${this.output.slice(-4_000)}`);
        return this.address !== undefined;
      },
      { timeoutMs: START_MS, everyMs: 50 },
    );
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** `SIGKILL` after a crash. */
  get endedBy(): NodeJS.Signals | null {
    return this.child.signalCode;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.fetch(path)).json() as Promise<T>;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    if (!this.alive || this.address === undefined) {
      throw new Error(`the process does not listen:\n${this.output.slice(-4_000)}`);
    }
    const headers = { authorization: `Bearer ${TEST_KEY}`, 'content-type': 'application/json' };
    return fetch(`${this.address}/api/v1/${path}`, { headers, signal: AbortSignal.timeout(10_000), ...init });
  }

  async post<T>(path: string, body: object): Promise<T> {
    const answer = await this.fetch(path, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json() as Promise<T>;
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
