import { Injectable, Logger } from '@nestjs/common';
import {
  DEFAULT_EXITS,
  type ExitSettings,
  exitSettingsSchema,
  type Product,
  type Timeframe,
} from '@tickbridge/contracts';
import { Database, strategySettings } from '@tickbridge/database';
import type { Suspension } from './slow-bar.watch';

export interface StrategySettings {
  enabled: boolean;
  parameters: Record<string, number>;
  /** Length of its bars; `null`: its default. */
  timeframe: Timeframe | null;
  /** Least expected move of its entries, as a multiple of their costs; `null`: the default. */
  leastEdge: number | null;
  exits: ExitSettings;
  /** What its positions are held as; `null`: what each instrument offers first. */
  product: Product | null;
  /** `null` while it runs. */
  suspended: Suspension | null;
}

/** What people set for the strategies, and what the platform suspended. */
@Injectable()
export class StrategySettingsRepository {
  private readonly logger = new Logger('StrategySettings');

  constructor(private readonly database: Database) {}

  /** Stored exits that do not fit any more leave the defaults, with a log line. */
  async all(): Promise<ReadonlyMap<string, StrategySettings>> {
    const rows = await this.database.orm.select().from(strategySettings);
    return new Map(rows.map((row) => [row.strategy, this.toSettings(row)]));
  }

  async save(
    strategy: string,
    { enabled, parameters, timeframe, leastEdge, exits, product, suspended }: StrategySettings,
  ): Promise<void> {
    const values = {
      enabled,
      parameters,
      timeframe,
      leastEdge,
      exits,
      product,
      suspendedAt: suspended && new Date(suspended.at),
      suspendedReason: suspended?.reason ?? null,
      updatedAt: new Date(),
    };
    await this.database.orm
      .insert(strategySettings)
      .values({ strategy, ...values })
      .onConflictDoUpdate({ target: strategySettings.strategy, set: values });
  }

  private toSettings(row: typeof strategySettings.$inferSelect): StrategySettings {
    const { strategy, enabled, parameters, suspendedAt, suspendedReason } = row;
    const exits = exitSettingsSchema.safeParse(row.exits ?? {});
    if (!exits.success) this.logger.warn(`stored exits of ${strategy} do not fit, defaults are used`);
    return {
      enabled,
      parameters,
      timeframe: row.timeframe,
      leastEdge: row.leastEdge,
      exits: exits.data ?? DEFAULT_EXITS,
      product: row.product,
      suspended: suspendedAt && { at: suspendedAt.getTime(), reason: suspendedReason ?? '' },
    };
  }
}
