import { Injectable } from '@nestjs/common';
import { type LadderChange, type LadderThresholds } from '@tickbridge/contracts';
import { Database, ladderSettings, tradingState, tradingStateChanges } from '@tickbridge/database';

/**
 * Until a person sets others: no new risk at the limits themselves, everything closed at one and a half times the day's
 * loss. A broker that fails or a feed that falls silent stops entries, then everything.
 */
const DEFAULTS: LadderThresholds = {
  dailyLossPercentOfLimit: { REDUCING: 100, FLATTEN: 150 },
  drawdownPercentOfLimit: { REDUCING: 100, HALTED: 150 },
  errorRatePercent: { REDUCING: 50, HALTED: 90 },
  minimumCalls: 10,
  feedAgeMs: { REDUCING: 60_000, HALTED: 300_000 },
};

/** From which figures on the platform steps down the ladder by itself. Changing them is an audited act of a person. */
@Injectable()
export class LadderThresholdStore {
  constructor(private readonly database: Database) {}

  async read(): Promise<LadderThresholds> {
    const [row] = await this.database.orm.select().from(ladderSettings);
    return row?.settings ?? DEFAULTS;
  }

  async change({ thresholds, by, reason }: LadderChange): Promise<LadderThresholds> {
    const row = { settings: thresholds, changedBy: by, reason, changedAt: new Date() };
    await this.database.orm.transaction(async (transaction) => {
      await transaction
        .insert(ladderSettings)
        .values(row)
        .onConflictDoUpdate({ target: ladderSettings.id, set: row });
      const [state] = await transaction.select().from(tradingState);
      if (!state) return;
      const { mode, running } = state;
      await transaction.insert(tradingStateChanges).values({
        command: 'thresholds',
        mode,
        running,
        changedBy: by,
        reason: `${reason}: ${JSON.stringify(thresholds)}`,
        changedAt: row.changedAt,
      });
    });
    return thresholds;
  }
}
