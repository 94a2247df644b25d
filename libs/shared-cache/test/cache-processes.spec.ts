import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type PrivateRedis, waitFor } from '../src/testing';
import { startRedis } from './harness';
import { RUNS_KEY } from './workers/counted';

const PROCESSES = 4;
const CALLERS = 1_000;
const WORKSPACE = join(__dirname, '../../..');

interface Outcome {
  values: number[];
  callers: number;
}

class Worker {
  loading = false;
  ready = false;
  outcome: Outcome | undefined;

  constructor(readonly child: ChildProcess) {
    child.on('message', (message: Partial<Outcome> & { ready?: boolean; loading?: string }) => {
      if (message.ready) this.ready = true;
      if (message.loading) this.loading = true;
      if (message.values) this.outcome = message as Outcome;
    });
  }
}

describe('one cold key in four processes', () => {
  let redis: PrivateRedis;
  let workers: Worker[];

  async function startWorkers(loadMs: number): Promise<void> {
    const script = join(__dirname, 'workers/loading.worker.ts');
    workers = Array.from(
      { length: PROCESSES },
      () =>
        new Worker(
          fork(script, [redis.port, CALLERS, loadMs].map(String), {
            cwd: WORKSPACE,
            execArgv: ['-r', '@swc-node/register'],
            env: { ...process.env, TS_NODE_PROJECT: join(WORKSPACE, 'tsconfig.base.json') },
          }),
        ),
    );
    await waitFor(() => workers.every(({ ready }) => ready), { timeoutMs: 40_000 });
  }

  beforeEach(async () => {
    redis = await startRedis();
  });

  afterEach(async () => {
    await Promise.all(
      workers.map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
    await redis.stop();
  });

  it('is loaded exactly once, although each process has a thousand callers', async () => {
    await startWorkers(100);
    for (const { child } of workers) child.send('cold');
    const outcomes = await waitFor(
      () => workers.every(({ outcome }) => outcome) && workers.map((w) => w.outcome),
    );
    expect(outcomes).toEqual(workers.map(() => ({ values: [1], callers: CALLERS })));
    expect(await redis.foreign.get(RUNS_KEY)).toBe('1');
  }, 60_000);

  it('is loaded at most twice when the process that loads it is killed', async () => {
    await startWorkers(1_500);
    for (const { child } of workers) child.send('cold');
    const holder = await waitFor(() => workers.find(({ loading }) => loading));
    holder.child.kill('SIGKILL');
    const others = workers.filter((worker) => worker !== holder);
    await waitFor(() => others.every(({ outcome }) => outcome));
    expect(others.map(({ outcome }) => outcome)).toEqual(
      others.map(() => ({ values: [2], callers: CALLERS })),
    );
    expect(await redis.foreign.get(RUNS_KEY)).toBe('2');
  }, 60_000);
});
