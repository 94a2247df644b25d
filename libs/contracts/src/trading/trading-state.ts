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

/** Who does it and why; both are kept in the audit trail. */
export const tradingCommandSchema = z.strictObject({
  by: lineOfText(100),
  reason: lineOfText(500),
});

export type TradingMode = z.infer<typeof tradingModeSchema>;
export type TradingState = z.infer<typeof tradingStateSchema>;
export type TradingCommand = z.infer<typeof tradingCommandSchema>;
