import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { Pool } from 'pg';

const PROGRAM = join(__dirname, '../fixtures/provide.mjs');

/** Data folder, Redis and PostgreSQL as `npm start` provides them, in a process of their own. */
export class Infrastructure {
  output = '';
  private readonly child: ChildProcess;

  /**
   * Begins without waiting.
   *
   * @param runIn words in front of the command
   */
  constructor(dataDir: string, env: Record<string, string> = {}, runIn: readonly string[] = []) {
    const [command = '', ...args] = [...runIn, process.execPath, PROGRAM, dataDir];
    this.child = spawn(command, args, {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  get pid(): number {
    const { pid } = this.child;
    if (pid === undefined) throw new Error('not started');
    return pid;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** @returns the addresses, once both serve */
  async ready(): Promise<{ redis?: string; postgres: string }> {
    return waitFor(
      () => {
        const line = /^\{"ready":.*$/m.exec(this.output)?.[0];
        if (line) return (JSON.parse(line) as { ready: { redis?: string; postgres: string } }).ready;
        if (this.hasEnded) throw new Error(`it ended:\n${this.output}`);
        return undefined;
      },
      { timeoutMs: 60_000 },
    );
  }

  /** @returns what it said, once it gave up */
  async refusal(): Promise<string> {
    await this.ended();
    expect(this.output).toMatch(/^UserError: /m);
    return this.output;
  }

  async ended(): Promise<void> {
    if (!this.hasEnded) await once(this.child, 'exit');
  }

  kill(): Promise<void> {
    this.child.kill('SIGKILL');
    return this.ended();
  }

  async stop(): Promise<void> {
    this.child.kill('SIGINT');
    await this.ended();
  }
}

/** One statement on its own connection. */
export async function query<T>(url: string, statement: string): Promise<T[]> {
  const pool = new Pool({ connectionString: url, max: 1 }).on('error', () => undefined);
  try {
    return (await pool.query(statement)).rows as T[];
  } finally {
    await pool.end();
  }
}
