import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { Instrument } from '@tickbridge/contracts';
import { Database, isDatabaseUnavailable, rootMessage, selectInstruments } from '@tickbridge/database';
import { BacktestRun, ChargesUnknownError, ChargeTable } from '@tickbridge/trading-core';
import {
  BacktestFailure,
  type BacktestJob,
  type BacktestMessage,
  isBacktestJob,
  toSettings,
} from './backtest-job';
import { CandleBars } from './candle-bars';
import { recordingBars } from './recording-bars';

/** File that a worker thread is started with: this one, or the bundle it became part of. */
export const BACKTEST_WORKER_FILE = fileURLToPath(import.meta.url);

const DATABASE_PATIENCE_MS = 30_000;

/** Runs one backtest in this thread. */
async function work(job: BacktestJob, tell: (message: BacktestMessage) => void): Promise<void> {
  const { data } = job.request;
  const database = data.kind === 'candles' ? await connect(job.databaseUrl) : undefined;
  try {
    const instruments =
      data.kind === 'candles' && database
        ? await selectInstruments(database.orm, data.feed, data.symbols)
        : new Map<string, Instrument>();
    const table = new ChargeTable();
    table.replaceFiles(job.charges);
    const run = new BacktestRun({ ...toSettings(job.request, job.calendars, table), instruments });
    const pages =
      data.kind === 'candles' && database
        ? new CandleBars(database, data).pages()
        : recordingBars(job.recordings, data.symbols && new Set(data.symbols));
    for await (const { bars, percent } of pages) {
      for (const bar of bars) run.take(bar);
      tell({ kind: 'progress', percent: Math.min(100, Math.max(0, percent)) });
    }
    tell({ kind: 'done', result: run.finish() });
  } finally {
    await database?.onApplicationShutdown();
  }
}

async function connect(url: string | undefined): Promise<Database> {
  const database = new Database({
    value: { url, applicationName: 'risk-manager backtest', maxConnections: 1 },
  });
  database.onModuleInit();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    const failure = new BacktestFailure('DATABASE_UNAVAILABLE', 'PostgreSQL could not be reached');
    timer = setTimeout(() => reject(failure), DATABASE_PATIENCE_MS);
  });
  try {
    await Promise.race([database.whenReady(), limit]);
    return database;
  } catch (error) {
    await database.onApplicationShutdown();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function failureOf(error: unknown): BacktestMessage {
  if (error instanceof BacktestFailure || error instanceof ChargesUnknownError)
    return { kind: 'failed', code: error.code, message: error.message };
  if (isDatabaseUnavailable(error)) {
    return { kind: 'failed', code: 'DATABASE_UNAVAILABLE', message: rootMessage(error) };
  }
  return { kind: 'failed', code: 'BACKTEST_FAILED', message: rootMessage(error) };
}

if (!isMainThread && parentPort && isBacktestJob(workerData)) {
  const port = parentPort;
  const tell = (message: BacktestMessage) => port.postMessage(message);
  work(workerData, tell).catch((error: unknown) => tell(failureOf(error)));
}
