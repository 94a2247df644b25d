import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SUBJECTS, type Subject } from '@tickbridge/contracts';
import { executeBatch, Database, outbox, type Queryable, rootMessage } from '@tickbridge/database';
import { ServiceBus } from '@tickbridge/service-bootstrap';
import { asc, inArray, type SQLWrapper } from 'drizzle-orm';
import { CrashPoints } from '../crash-points/crash-points';
import { PipelineCounters } from '../pipeline-counters/pipeline-counters';

export type OutboxRow = typeof outbox.$inferSelect;

/** Told rows are deleted together, this often (milliseconds). */
const SWEEP_MS = 1_000;
const BATCH = 500;

/**
 * News of what was committed, for the other services.
 *
 * It is stored in the transaction it tells of and told after the commit, so nothing is announced that is not true and
 * nothing true stays unannounced: what a process could not tell before it died is told by the next. A listener may hear
 * the same news twice.
 */
@Injectable()
export class Outbox implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Outbox');
  private readonly told: number[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sweeping = false;

  constructor(
    private readonly database: Database,
    private readonly bus: ServiceBus,
    private readonly counters: PipelineCounters,
    private readonly crash: CrashPoints,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), SWEEP_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweep();
  }

  /**
   * Stores news in the transaction it tells of, together with the statements it tells of: one round trip.
   *
   * @param statements must not read what the others write
   */
  async addWith(
    transaction: Queryable,
    statements: readonly SQLWrapper[],
    news: readonly { subject: Subject; payload: Record<string, unknown> }[],
  ): Promise<OutboxRow[]> {
    const places = await executeBatch<{ position: string }>(
      transaction,
      statements,
      transaction
        .insert(outbox)
        .values([...news])
        .returning({ position: outbox.position }),
    );
    return places.map(({ position }, index) => ({
      position: Number(position),
      ...(news[index] as (typeof news)[number]),
    }));
  }

  /** Tells what was committed, in its order. */
  tell(rows: readonly OutboxRow[]): void {
    for (const { position, subject, payload } of rows) {
      if (subject === SUBJECTS.fillCreated) this.counters.passed('fill');
      this.bus.emit(subject as Subject, payload);
      this.told.push(position);
    }
    if (rows.length > 0) this.crash.reach('news.told');
  }

  /** Tells what an earlier process committed and could not tell. */
  async tellLeftovers(): Promise<void> {
    for (;;) {
      const rows = await this.database.orm.select().from(outbox).orderBy(asc(outbox.position)).limit(BATCH);
      if (rows.length === 0) return;
      this.tell(rows);
      await this.forget();
    }
  }

  private async sweep(): Promise<void> {
    if (this.sweeping || this.told.length === 0) return;
    this.sweeping = true;
    try {
      await this.forget();
    } catch (error) {
      this.logger.debug(`told news stays in the outbox for now: ${rootMessage(error)}`);
    } finally {
      this.sweeping = false;
    }
  }

  private async forget(): Promise<void> {
    const told = this.told.splice(0, 5_000);
    try {
      await this.database.orm.delete(outbox).where(inArray(outbox.position, told));
    } catch (error) {
      this.told.unshift(...told);
      throw error;
    }
  }
}
