import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from '../../src/testing';
import type { Answer, Call, Commands, WorkerOptions } from '../workers/cache.worker';

const WORKSPACE = join(__dirname, '../../../..');
const SCRIPT = join(__dirname, '../workers/cache.worker.ts');
/** Compiling what it imports takes a process a while, several at once longer. */
const START_MS = 40_000;

/** A process of its own with the library in it, as one service of the platform has it. */
export class CacheProcess {
  private readonly calls = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
  private count = 0;
  private ready = false;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message: Answer) => {
      if ('ready' in message) {
        this.ready = true;
        return;
      }
      const call = this.calls.get(message.id);
      this.calls.delete(message.id);
      if ('error' in message) call?.reject(new Error(message.error));
      else call?.resolve(message.answer as never);
    });
    child.once('exit', () => {
      for (const call of this.calls.values()) call.reject(new Error('the process is gone'));
    });
  }

  /** Starts one process per options given, ready to be told what to do; Redis may be there or not. */
  static async startAll(...each: WorkerOptions[]): Promise<CacheProcess[]> {
    const processes = each.map(
      (options) =>
        new CacheProcess(
          fork(SCRIPT, [JSON.stringify(options)], {
            cwd: WORKSPACE,
            execArgv: ['-r', '@swc-node/register'],
            env: { ...process.env, TS_NODE_PROJECT: join(WORKSPACE, 'tsconfig.base.json') },
          }),
        ),
    );
    await waitFor(() => processes.every(({ ready }) => ready), { timeoutMs: START_MS });
    return processes;
  }

  /** Tells the process to do something. @returns what came of it */
  call<C extends keyof Commands>(command: C, ...args: Parameters<Commands[C]>): ReturnType<Commands[C]> {
    this.count += 1;
    const id = this.count;
    const outcome = new Promise((resolve, reject) => this.calls.set(id, { resolve, reject }));
    this.child.send({ id, command, args: args as never[] } satisfies Call);
    return outcome as ReturnType<Commands[C]>;
  }

  /** Until it uses Redis, hears of changes, and uses Memcached if it has one. */
  async joined(side = false): Promise<void> {
    await waitFor(async () => {
      const state = await this.call('state');
      return state.available && state.armed && (state.side || !side);
    });
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}
