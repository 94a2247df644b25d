import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type BacktestRequest,
  type BacktestResult,
  type BacktestRun,
  type BacktestStatus,
  toIso,
} from '@tickbridge/contracts';
import { backtests, Database } from '@tickbridge/database';
import { and, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';

type Row = typeof backtests.$inferSelect;

/** A run whose process said nothing for this long is taken up by another. */
const SILENT_SECONDS = 15;
/** Lists go without results, which may be large. */
const { result: _result, ...withoutResult } = getTableColumns(backtests);

/** Runs in PostgreSQL. */
@Injectable()
export class BacktestRepository {
  constructor(private readonly database: Database) {}

  async create(request: BacktestRequest): Promise<BacktestRun> {
    const [row] = await this.database.orm
      .insert(backtests)
      .values({ id: randomUUID(), status: 'queued', request, createdAt: new Date() })
      .returning();
    if (!row) throw new Error('the backtest was not stored');
    return toRun(row);
  }

  async list(limit: number, status: BacktestStatus | undefined): Promise<BacktestRun[]> {
    const rows = await this.database.orm
      .select(withoutResult)
      .from(backtests)
      .where(status && eq(backtests.status, status))
      .orderBy(desc(backtests.position))
      .limit(limit);
    return rows.map(toRun);
  }

  async find(id: string): Promise<BacktestRun | undefined> {
    const [row] = await this.database.orm.select(withoutResult).from(backtests).where(eq(backtests.id, id));
    return row && toRun(row);
  }

  async result(id: string): Promise<BacktestResult | undefined> {
    const [row] = await this.database.orm
      .select({ result: backtests.result })
      .from(backtests)
      .where(eq(backtests.id, id));
    return row?.result ?? undefined;
  }

  async waiting(): Promise<number> {
    return this.database.orm.$count(backtests, eq(backtests.status, 'queued'));
  }

  /** Takes the oldest run that waits, or whose process fell silent. */
  async claim(runner: string): Promise<BacktestRun | undefined> {
    const { rows } = await this.database.orm.execute<{ id: string }>(sql`
      update ${backtests} set status = 'running', runner = ${runner}, alive_at = now(), started_at = now(),
        attempts = attempts + 1, progress_percent = 0
      where id = (
        select id from ${backtests}
        where status = 'queued'
          or (status = 'running' and alive_at < now() - ${SILENT_SECONDS} * interval '1 second')
        order by position for update skip locked limit 1)
      returning id`);
    const [row] = rows;
    return row && this.find(row.id);
  }

  /** Says that a run is alive. @returns false when it is no longer this process's: it was cancelled or taken over */
  async keepAlive(id: string, runner: string, percent: number): Promise<boolean> {
    const { rowCount } = await this.database.orm
      .update(backtests)
      .set({ aliveAt: sql`now()`, progressPercent: percent })
      .where(own(id, runner));
    return rowCount === 1;
  }

  async complete(id: string, runner: string, result: BacktestResult): Promise<void> {
    await this.database.orm
      .update(backtests)
      .set({ status: 'completed', progressPercent: 100, result, finishedAt: new Date() })
      .where(own(id, runner));
  }

  async end(
    id: string,
    runner: string,
    status: 'failed' | 'interrupted',
    error: { code: string; message: string },
  ): Promise<void> {
    await this.database.orm
      .update(backtests)
      .set({ status, errorCode: error.code, errorMessage: error.message, finishedAt: new Date() })
      .where(own(id, runner));
  }

  /** Gives a run back: this process shuts down. */
  async release(id: string, runner: string): Promise<void> {
    await this.database.orm
      .update(backtests)
      .set({ status: 'queued', runner: null, progressPercent: 0 })
      .where(own(id, runner));
  }

  /** @returns false when it was over already */
  async cancel(id: string): Promise<boolean> {
    const { rowCount } = await this.database.orm
      .update(backtests)
      .set({ status: 'cancelled', finishedAt: new Date() })
      .where(and(eq(backtests.id, id), inArray(backtests.status, ['queued', 'running'])));
    return rowCount === 1;
  }
}

function own(id: string, runner: string) {
  return and(eq(backtests.id, id), eq(backtests.status, 'running'), eq(backtests.runner, runner));
}

function toRun(row: Omit<Row, 'result'>): BacktestRun {
  const { id, status, progressPercent, request, errorCode, errorMessage, attempts } = row;
  const iso = (time: Date | null) => time && toIso(time.getTime());
  return {
    id,
    status,
    progressPercent,
    request,
    attempts,
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
    createdAt: toIso(row.createdAt.getTime()),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
  };
}
