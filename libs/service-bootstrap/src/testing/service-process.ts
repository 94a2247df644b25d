import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { Readiness } from '@tickbridge/contracts';
import { serviceKeyOf } from '../config/service-config';

const WORKSPACE = resolve(__dirname, '../../../..');
/** Compiling what it imports takes a process a while, several at once longer (ms). */
const START_MS = 90_000;
const POLL_INTERVAL_MS = 50;

/** Key of the internal HTTP interface in tests. */
export const TEST_KEY = 'a-key-for-the-tests';

/** @returns the variable's value. @throws when the tests were not started through tools/test.mjs */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: run the tests through tools/test.mjs`);
  return value;
}

/**
 * What is run: the bundle that the test runner has just built, else the sources. Compiling them takes each process
 * several seconds of processor time, which is most of what a test of a killed process takes.
 */
function programOf(name: string): { program: string; execArgv: string[] } {
  const bundles = process.env['TEST_BUNDLES'];
  return bundles
    ? { program: join(bundles, name, 'main.mjs'), execArgv: ['--enable-source-maps'] }
    : { program: join(WORKSPACE, 'apps', name, 'src/main.ts'), execArgv: ['-r', '@swc-node/register'] };
}

type ProcessClass<P extends ServiceProcess> = new (name: string, child: ChildProcess) => P;

/** One service of the platform as a process of its own, on a port of its own choice. */
export class ServiceProcess {
  /** What it logged. */
  output = '';
  private address: string | undefined;

  constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    child.on('message', (message: { type: string; address?: string }) => {
      if (message.type === 'listening') this.address = message.address;
    });
  }

  /** Starts it without waiting: it may end before it listens. */
  static spawn<P extends ServiceProcess>(
    this: ProcessClass<P>,
    name: string,
    env: Record<string, string>,
  ): P {
    const { program, execArgv } = programOf(name);
    const child = fork(program, [], {
      cwd: WORKSPACE,
      execArgv,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...testClock(),
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        TS_NODE_PROJECT: join(WORKSPACE, 'tsconfig.base.json'),
        INTERNAL_API_KEY: TEST_KEY,
        MARKET_DATA_PORT: '0',
        ORCHESTRATOR_PORT: '0',
        SIMULATOR_PORT: '0',
        ...env,
      },
    });
    return new this(name, child);
  }

  /** Starts it and waits until it listens. */
  static async start<P extends ServiceProcess>(
    this: ProcessClass<P>,
    name: string,
    env: Record<string, string>,
  ): Promise<P> {
    const service = ServiceProcess.spawn.call(this, name, env) as P;
    await service.listening();
    return service;
  }

  /** @throws Error with the end of its log when it ends instead */
  async listening(): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (this.address === undefined) {
      if (!this.alive)
        throw new Error(
          `${this.name} ended with ${this.child.exitCode ?? this.child.signalCode}:\n${this.tail()}`,
        );
      if (Date.now() > deadline) throw new Error(`${this.name} does not listen:\n${this.tail()}`);
      await new Promise((next) => setTimeout(next, POLL_INTERVAL_MS));
    }
  }

  get url(): string {
    if (this.address === undefined) throw new Error(`${this.name} does not listen:\n${this.tail()}`);
    return this.address;
  }

  get port(): string {
    return new URL(this.url).port;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** `SIGKILL` after a crash. */
  get endedBy(): NodeJS.Signals | null {
    return this.child.signalCode;
  }

  /** @param path with its leading slash */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    if (!this.alive) throw new Error(`${this.name} has ended:\n${this.tail()}`);
    const headers = { authorization: `Bearer ${serviceKeyOf(TEST_KEY)}`, 'content-type': 'application/json' };
    return fetch(`${this.url}${path}`, { headers, signal: AbortSignal.timeout(10_000), ...init });
  }

  async get<T>(path: string): Promise<T> {
    return (await this.fetch(path)).json() as Promise<T>;
  }

  /** @throws Error with status and answer when it is refused */
  async post<T>(path: string, body: object): Promise<T> {
    const answer = await this.fetch(path, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json() as Promise<T>;
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

  /** Waits until it ends by itself. @returns its exit status; `null` when a signal ended it */
  async ended(): Promise<number | null> {
    if (this.alive) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private tail(): string {
    return this.output.slice(-4_000);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.alive) return;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
  }
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
