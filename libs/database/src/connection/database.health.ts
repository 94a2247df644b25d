import { Injectable } from '@nestjs/common';
import { clockRemark, type DependencyHealth } from '@tickbridge/contracts';
import { Database } from './database';
import { DatabaseClock } from './database.clock';
import { rootMessage } from './database.errors';

/** PostgreSQL as a dependency: without it a service is degraded, not down, because live data goes on. */
@Injectable()
export class DatabaseHealth {
  constructor(
    private readonly database: Database,
    private readonly clock: DatabaseClock,
  ) {}

  async health(): Promise<DependencyHealth> {
    try {
      await this.database.ping();
    } catch (error) {
      return { status: 'degraded', detail: rootMessage(error) };
    }
    const { offsetMs } = this.clock;
    if (offsetMs === null) return { status: 'up' };
    const clockOffsetMs = Math.round(offsetMs);
    const detail = clockRemark(offsetMs, "PostgreSQL's");
    return detail === null ? { status: 'up', clockOffsetMs } : { status: 'degraded', detail, clockOffsetMs };
  }
}
