import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@tickbridge/shared-cache/testing';

const WORKSPACE = join(__dirname, '../../../..');
const KEY = 'a-key-for-the-simulator';
const START_MS = 90_000;

/** The app that the simulated ShareKhan knows. */
export const APP = { apiKey: 'simulated-api-key', secretKey: '0123456789abcdef0123456789abcdef' };

/** A row of the simulated broker's day report. */
export interface ReportRow {
  orderId: string;
  orderStatus: string;
  tradingSymbol: string;
  orderQty: number;
  execQty: number;
  avgPrice: string;
  orderPrice: string;
}

/** The simulated ShareKhan as a process of its own. */
export class SimulatorProcess {
  private address: string | undefined;
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    child.on('message', (message: { type: string; address?: string }) => {
      if (message.type === 'listening') this.address = message.address;
    });
  }

  static async start(): Promise<SimulatorProcess> {
    const directory = mkdtempSync(join(tmpdir(), 'sharekhan-'));
    const child = fork(join(WORKSPACE, 'apps/feed-simulator/src/main.ts'), [], {
      cwd: WORKSPACE,
      execArgv: ['-r', '@swc-node/register'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        TS_NODE_PROJECT: join(WORKSPACE, 'tsconfig.base.json'),
        DATA_DIR: directory,
        INTERNAL_API_KEY: KEY,
        SIMULATOR_PORT: '0',
      },
    });
    const simulator = new SimulatorProcess(child, directory);
    await waitFor(
      () => {
        if (child.exitCode !== null)
          throw new Error(`the simulator ended:\n${simulator.output.slice(-4_000)}`);
        return simulator.address !== undefined;
      },
      { timeoutMs: START_MS, everyMs: 50 },
    );
    return simulator;
  }

  get url(): string {
    return this.address ?? '';
  }

  /** What a person does in the browser: logs in on the broker's page. @returns what the browser is sent back with */
  async logIn(loginUrl: string, customer = '987654'): Promise<{ state: string; requestToken: string }> {
    const back = await fetch(`${loginUrl.replace('login.html', 'enter')}&customer=${customer}`, {
      redirect: 'manual',
    });
    const { searchParams } = new URL(back.headers.get('location') ?? '');
    return {
      state: searchParams.get('state') ?? '',
      requestToken: searchParams.get('request_token') ?? '',
    };
  }

  async show(fault: object): Promise<void> {
    const answer = await fetch(`${this.url}/api/v1/simulator/sharekhan/faults`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    if (!answer.ok) throw new Error(`the simulator refuses the fault: ${await answer.text()}`);
  }

  async status(): Promise<{ calls: Record<string, number>; streams: number }> {
    const answer = await fetch(`${this.url}/api/v1/simulator/sharekhan`);
    return answer.json() as Promise<{ calls: Record<string, number>; streams: number }>;
  }

  /** The broker's own view of a customer's orders, without a login. */
  async report(customer = '987654'): Promise<ReportRow[]> {
    const answer = await fetch(`${this.url}/api/v1/simulator/sharekhan/orders/${customer}`);
    return answer.json() as Promise<ReportRow[]>;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await exit;
    }
    rmSync(this.directory, { recursive: true });
  }
}
