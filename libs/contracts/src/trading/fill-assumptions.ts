import { z } from 'zod';

/** What the paper market assumes of a market that it does not see; what is absent is the default. */
export const fillAssumptionsSchema = z.strictObject({
  /** Half the spread where nobody quotes, in basis points of the price. */
  halfSpreadBps: z.number().nonnegative().max(1_000).default(2),
  /** What a market order loses on top of the spread, in basis points. */
  slippageBps: z.number().nonnegative().max(1_000).default(1),
  /** The most of a bar's volume that the orders of an account get together where nobody quotes, in percent. */
  maxVolumePercent: z.number().positive().max(100).default(10),
});

export type FillAssumptions = z.infer<typeof fillAssumptionsSchema>;
