import { z } from 'zod';
import { lineOfText } from '../platform/text';
import { isoTime } from '../platform/time';

/** Kill ladder: each step allows less. Latched in PostgreSQL; only a person resets it. */
export const tradingModeSchema = z.enum(['ACTIVE', 'REDUCING', 'HALTED', 'FLATTEN']);

export const tradingStateSchema = z.object({
  mode: tradingModeSchema,
  /** False between `POST /trading/stop` and `/trading/start`: strategies stay silent. */
  running: z.boolean(),
  changedBy: z.string(),
  reason: z.string(),
  changedAt: isoTime,
});

/** Steps a person takes on the ladder, as `POST /api/v1/trading/:command` names them. */
export const tradingCommandNameSchema = z.enum(['start', 'stop', 'reduce', 'halt', 'flatten', 'reset']);
export type TradingCommandName = z.infer<typeof tradingCommandNameSchema>;

/** Who does it and why; both are kept in the audit trail. */
export const tradingCommandSchema = z.strictObject({
  by: lineOfText(100),
  reason: lineOfText(500),
});

export type TradingMode = z.infer<typeof tradingModeSchema>;
export type TradingState = z.infer<typeof tradingStateSchema>;
export type TradingCommand = z.infer<typeof tradingCommandSchema>;

const percent = z.number().positive().max(1_000);
const rungs = (value: z.ZodNumber) =>
  z
    .strictObject({ REDUCING: value.optional(), HALTED: value.optional(), FLATTEN: value.optional() })
    .refine(({ REDUCING, HALTED, FLATTEN }) => rises(REDUCING, HALTED, FLATTEN), {
      message: 'expected a higher figure for each higher rung: REDUCING, HALTED, FLATTEN',
    });

function rises(...figures: (number | undefined)[]): boolean {
  const given = figures.filter((figure) => figure !== undefined);
  return given.every((figure, at) => at === 0 || figure > (given[at - 1] ?? 0));
}

/** From which figure on the platform itself steps down the ladder; a rung that is absent is never taken by itself. */
export const ladderThresholdsSchema = z.strictObject({
  /** Loss of the day, percent of the account's `maxDailyLoss`. */
  dailyLossPercentOfLimit: rungs(percent),
  /** Fall from the equity peak, percent of the account's `maxDrawdownPercent`. */
  drawdownPercentOfLimit: rungs(percent),
  /** Failed part of the broker's calls of the last minute, percent. */
  errorRatePercent: rungs(percent.max(100)),
  /** Fewer calls than this say nothing about a rate. */
  minimumCalls: z.number().int().positive().max(10_000),
  /** Age of a feed's newest price within its session (milliseconds). */
  feedAgeMs: rungs(z.number().int().min(1_000).max(3_600_000)),
});
export type LadderThresholds = z.infer<typeof ladderThresholdsSchema>;

/** `PUT /api/v1/trading/ladder`: replaces the thresholds. */
export const ladderChangeSchema = tradingCommandSchema.extend({ thresholds: ladderThresholdsSchema });
export type LadderChange = z.infer<typeof ladderChangeSchema>;

/** `GET /api/v1/trading/ladder`. */
export const ladderAnswerSchema = z.object({
  thresholds: ladderThresholdsSchema,
  /** Triggers that moved the ladder since the last reset. */
  acted: z.array(z.string()),
  /** What each account's figures are now; `null` what is not known. */
  figures: z.array(
    z.object({
      accountId: z.string(),
      dailyLoss: z.number().nullable(),
      drawdownPercent: z.number().nullable(),
      failedCalls: z.number().int().nonnegative(),
      calls: z.number().int().nonnegative(),
      feedAgeMs: z.number().nonnegative().nullable(),
    }),
  ),
});
export type LadderAnswer = z.infer<typeof ladderAnswerSchema>;
