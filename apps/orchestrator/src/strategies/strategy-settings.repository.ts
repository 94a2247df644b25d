import { Injectable } from '@nestjs/common';
import { Database, strategySettings } from '@tickbridge/database';

export interface StrategySettings {
  enabled: boolean;
  parameters: Record<string, number>;
}

/** What people set for the strategies. */
@Injectable()
export class StrategySettingsRepository {
  constructor(private readonly database: Database) {}

  async all(): Promise<ReadonlyMap<string, StrategySettings>> {
    const rows = await this.database.orm.select().from(strategySettings);
    return new Map(rows.map(({ strategy, enabled, parameters }) => [strategy, { enabled, parameters }]));
  }

  async save(strategy: string, { enabled, parameters }: StrategySettings): Promise<void> {
    const values = { enabled, parameters, updatedAt: new Date() };
    await this.database.orm
      .insert(strategySettings)
      .values({ strategy, ...values })
      .onConflictDoUpdate({ target: strategySettings.strategy, set: values });
  }
}
