import { Injectable } from '@nestjs/common';
import {
  type Backtest,
  type BacktestRequest,
  type BacktestRun,
  type BacktestStatus,
  CANDLE_INTERVAL_MS,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { CacheService, riskResults } from '@tickbridge/shared-cache';
import {
  BacktestRun as CoreRun,
  ChargeTable,
  UnknownChargePlanError,
  UnknownStrategyError,
} from '@tickbridge/trading-core';
import { ZodError } from 'zod';
import { toSettings } from './backtest-job';
import { BacktestOptions } from './backtest.options';
import { BacktestRepository } from './backtest.repository';
import { BacktestRunner } from './backtest.runner';

/** Backtests as people ask for them. */
@Injectable()
export class BacktestService {
  constructor(
    private readonly repository: BacktestRepository,
    private readonly runner: BacktestRunner,
    private readonly cache: CacheService,
    private readonly options: BacktestOptions,
    private readonly charges: ChargeTable,
  ) {}

  /** Stores a run that waits for its turn. @throws ProblemException naming what is wrong with it */
  async submit(request: BacktestRequest): Promise<BacktestRun> {
    this.check(request);
    if ((await this.repository.waiting()) >= this.options.maxWaiting) {
      const detail = `${this.options.maxWaiting} backtests wait already; try again when some are done.`;
      throw new ProblemException(429, 'BACKTEST_QUEUE_FULL', detail, undefined, { 'retry-after': '30' });
    }
    const run = await this.repository.create(request);
    this.runner.look();
    return run;
  }

  list(limit: number, status: BacktestStatus | undefined): Promise<BacktestRun[]> {
    return this.repository.list(limit, status);
  }

  /** A run; results of completed ones never change and are cached for a day. */
  async show(id: string): Promise<Backtest> {
    const run = await this.repository.find(id);
    if (!run) throw unknown(id);
    if (run.status !== 'completed') return { ...run, result: null };
    const result = await this.cache.getOrSet(riskResults.backtests, id, () => this.repository.result(id));
    return { ...run, result: result ?? null };
  }

  async cancel(id: string): Promise<BacktestRun> {
    const cancelled = await this.repository.cancel(id);
    if (cancelled) this.runner.stop(id);
    const run = await this.repository.find(id);
    if (!run) throw unknown(id);
    if (cancelled) return run;
    throw new ProblemException(409, 'BACKTEST_OVER', `The backtest is ${run.status} already.`);
  }

  private check(request: BacktestRequest): void {
    const { data } = request;
    if (data.kind === 'recording' && this.options.recordings.length === 0) {
      throw refusal('data.kind', 'no recording is configured: set REPLAY_FILE');
    }
    if (data.kind === 'candles' && Date.parse(data.from) >= Date.parse(data.to)) {
      throw refusal('data.to', 'expected a time after from');
    }
    for (const [index, strategy] of request.strategies.entries()) {
      const { timeframe } = strategy;
      const dataMs = CANDLE_INTERVAL_MS[data.kind === 'candles' ? data.interval : '5s'];
      if (timeframe && CANDLE_INTERVAL_MS[timeframe] < dataMs) {
        throw refusal(`strategies.${index}.timeframe`, 'expected bars no shorter than those of the data');
      }
      this.checkStrategy(index, { ...request, strategies: [strategy] });
    }
    const ids = request.strategies.map(({ id }) => id);
    const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
    if (twice >= 0) throw refusal(`strategies.${twice}.id`, `${ids[twice]} is there twice`);
  }

  private checkStrategy(index: number, request: BacktestRequest): void {
    try {
      new CoreRun(toSettings(request, undefined, this.charges));
    } catch (error) {
      if (error instanceof UnknownStrategyError) throw refusal(`strategies.${index}.id`, error.message);
      if (error instanceof UnknownChargePlanError) throw refusal('account.chargePlan', error.message);
      if (!(error instanceof ZodError)) throw error;
      const fields = error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')],
      );
      const messages = error.issues.map(({ message }) => message).join('; ');
      throw refusal(`strategies.${index}.parameters.${fields[0] ?? ''}`, messages);
    }
  }
}

function refusal(field: string, message: string): ProblemException {
  const detail = `The backtest cannot run so: ${field} (${message})`;
  return new ProblemException(400, 'INVALID_INPUT', detail, [{ field, message }]);
}

function unknown(id: string): ProblemException {
  return new ProblemException(404, 'BACKTEST_UNKNOWN', `There is no backtest ${id}.`);
}
