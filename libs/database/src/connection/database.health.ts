import { Injectable } from '@nestjs/common';
import type { DependencyHealth } from '@tickbridge/contracts';
import { Database } from './database';
import { rootMessage } from './database.errors';

/** PostgreSQL as a dependency: without it a service is degraded, not down, because live data goes on. */
@Injectable()
export class DatabaseHealth {
  constructor(private readonly database: Database) {}

  async health(): Promise<DependencyHealth> {
    try {
      await this.database.ping();
      return { status: 'up' };
    } catch (error) {
      return { status: 'degraded', detail: rootMessage(error) };
    }
  }
}
