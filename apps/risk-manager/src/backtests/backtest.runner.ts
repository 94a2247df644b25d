import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { BacktestRun } from '@tickbridge/contracts';
import { Database, isDatabaseUnavailable, rootMessage } from '@tickbridge/database';
import { ReadChargeFolder } from '@tickbridge/charges';
import { Calendars } from '@tickbridge/trading-core';
import type { BacktestJob, BacktestMessage } from './backtest-job';
import { BacktestOptions } from './backtest.options';
import { BacktestRepository } from './backtest.repository';
import { BACKTEST_WORKER_FILE } from './backtest.worker';

const LOOK_EVERY_MS = 1_000;
/** A run that ended its process so often is most likely the reason. */
const MAX_ATTEMPTS = 3;
const WORKER_HEAP_MB = 512;

interface Running {
  run: BacktestRun;
  worker: Worker;
  percent: number;
  /** What is left to do when the worker is gone. */
  ending: Promise<void>;
}

/**
 * Runs waiting backtests, each in a worker thread of its own, so many at once as configured.
 *
 * A run belongs to the process that said last that it is alive. A process that shuts down gives its runs back; those
 * of one that died are begun again by whoever looks next. A run is a function of its request, so nothing is lost.
 */
@Injectable()
export class BacktestRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Backtests');
  private readonly name = randomUUID();
  private readonly running = new Map<string, Running>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private closing = false;
  private away = false;

  constructor(
    private readonly repository: BacktestRepository,
    private readonly database: Database,
    private readonly options: BacktestOptions,
    private readonly calendars: Calendars,
    private readonly charges: ReadChargeFolder,
  ) {}

  onApplicationBootstrap(): void {
    void this.database.whenReady().then(() => {
      if (this.closing) return;
      this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
      this.look();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    clearInterval(this.timer);
    await this.looking;
    await Promise.all([...this.running.values()].map((running) => this.giveBack(running)));
  }

  /** Looks for work, soon. */
  look(): void {
    this.looking = this.looking.then(() => this.tend()).catch((error: unknown) => this.note(error));
  }

  /** Stops the thread of a run that was cancelled here; another process finds out with its next sign of life. */
  stop(id: string): void {
    void this.running.get(id)?.worker.terminate();
  }

  private async tend(): Promise<void> {
    for (const { run, percent } of [...this.running.values()]) {
      if (!(await this.repository.keepAlive(run.id, this.name, percent))) this.stop(run.id);
    }
    while (!this.closing && this.running.size < this.options.workers) {
      const run = await this.repository.claim(this.name);
      if (!run) break;
      if (run.attempts > MAX_ATTEMPTS) await this.giveUp(run);
      else this.start(run);
    }
    this.away = false;
  }

  private start(run: BacktestRun): void {
    const { databaseUrl, recordings } = this.options;
    const job: BacktestJob = {
      kind: 'tickbridge-backtest',
      request: run.request,
      databaseUrl,
      recordings,
      calendars: this.calendars.all.map(({ file }) => file),
      charges: this.charges.files,
    };
    const worker = new Worker(BACKTEST_WORKER_FILE, {
      workerData: job,
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
      ...compilation(),
    });
    const running: Running = { run, worker, percent: 0, ending: Promise.resolve() };
    this.running.set(run.id, running);
    worker.on('message', (message: BacktestMessage) => this.hear(running, message));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'OUT_OF_MEMORY' : 'BACKTEST_FAILED';
      this.end(running, { code, message: rootMessage(error) });
    });
    worker.on('exit', () => {
      this.running.delete(run.id);
      void running.ending.then(() => this.look());
    });
  }

  private hear(running: Running, message: BacktestMessage): void {
    const { run } = running;
    if (message.kind === 'progress') running.percent = message.percent;
    else if (message.kind === 'failed') this.end(running, message);
    else {
      running.ending = this.store(() => this.repository.complete(run.id, this.name, message.result));
      this.logger.log(`backtest ${run.id}: ${message.result.statistics.bars} bars`);
    }
  }

  private end({ run }: Running, error: { code: string; message: string }): void {
    const running = this.running.get(run.id);
    const { code, message } = error;
    this.logger.warn(`backtest ${run.id} failed, ${code}: ${message}`);
    const stored = this.store(() => this.repository.end(run.id, this.name, 'failed', { code, message }));
    if (running) running.ending = stored;
  }

  private async giveUp({ id, attempts }: BacktestRun): Promise<void> {
    await this.repository.end(id, this.name, 'interrupted', {
      code: 'INTERRUPTED',
      message: `The process ended ${attempts - 1} times while it ran; it is not begun again`,
    });
  }

  private async giveBack({ run, worker, ending }: Running): Promise<void> {
    await worker.terminate();
    await ending;
    await this.store(() => this.repository.release(run.id, this.name));
  }

  /** What cannot be stored now is found out later: the run falls silent and is begun again. */
  private async store(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.note(error);
    }
  }

  private note(error: unknown): void {
    if (isDatabaseUnavailable(error) && this.away) return;
    this.away = true;
    this.logger.warn(`backtests wait: ${rootMessage(error)}`);
  }
}

/** In development and in tests the thread runs from the sources. It needs nothing else of the environment. */
function compilation(): Pick<WorkerOptions, 'env' | 'execArgv'> {
  if (!BACKTEST_WORKER_FILE.endsWith('.ts')) return { env: {} };
  const tsconfig = join(dirname(BACKTEST_WORKER_FILE), '../../../../tsconfig.base.json');
  return { env: { TS_NODE_PROJECT: tsconfig }, execArgv: ['-r', '@swc-node/register'] };
}
