import { z } from 'zod';
import { feedNameSchema } from '../market/feed-names';
import { lineOfText } from '../platform/text';
import { chargePlanSchema } from './charge-table';
import { moneySchema } from './portfolio';

export const accountSchema = z.object({
  id: z.string().regex(/^[A-Z0-9_]{1,64}$/),
  broker: z.enum(['paper', 'sharekhan']),
  enabled: z.boolean(),
  /** Real orders leave the house only from an armed account. Paper accounts need no arming. */
  armed: z.boolean(),
  /** The feed whose instruments it trades; simulated, recorded and real prices never meet in one book. */
  feed: feedNameSchema,
  currency: z.string(),
  capital: moneySchema,
  /** What its trades are charged by, `zerodha/standard`. */
  chargePlan: z.string(),
  /** Strategies whose signals it follows; `null` follows all. */
  strategies: z.array(z.string()).nullable(),
  /** Whether one strategy may be long of what another is short of; else the first holds, and the second is denied. */
  netting: z.boolean(),
  trading: z.object({
    /** `trading` here, `elsewhere` by another orchestrator, `blocked` for a reason, `idle` when nobody trades it. */
    state: z.enum(['trading', 'elsewhere', 'blocked', 'idle']),
    reason: z.string().nullable(),
    /** The orchestrator that holds the account's lease. */
    holder: z.string().nullable(),
    /** What a person must look at: our books and the broker's differ in a way that no rule resolves. */
    alarms: z.array(z.string()),
  }),
});
export type Account = z.infer<typeof accountSchema>;

const strategyNames = z.array(z.string().min(1).max(100)).max(100).nullable();

/** `POST /api/v1/accounts`. It starts disarmed; real orders need arming by a person. */
export const newAccountSchema = z.strictObject({
  id: accountSchema.shape.id,
  broker: accountSchema.shape.broker,
  feed: feedNameSchema,
  /** In the currency of the feed's instruments. */
  capital: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,8})?$/, 'expected a positive decimal')
    .refine((text) => Number(text) > 0, 'expected more than nothing'),
  /** Absent: a paper account follows all, a real one follows none until a person chooses. */
  strategies: strategyNames.optional(),
  /** Absent: that of the platform's broker for Indian shares, the lowest tier of Binance for crypto. */
  chargePlan: chargePlanSchema.optional(),
  by: lineOfText(100),
  reason: lineOfText(500),
});
export type NewAccount = z.infer<typeof newAccountSchema>;

/** `PATCH /api/v1/accounts/:id`. */
export const accountChangeSchema = z
  .strictObject({
    enabled: z.boolean().optional(),
    armed: z.boolean().optional(),
    strategies: strategyNames.optional(),
    netting: z.boolean().optional(),
    /** `null` takes the choice back. */
    chargePlan: chargePlanSchema.nullable().optional(),
    by: lineOfText(100),
    reason: lineOfText(500),
  })
  .refine(
    ({ enabled, armed, strategies, netting, chargePlan }) =>
      [enabled, armed, strategies, netting, chargePlan].some((value) => value !== undefined),
    {
      message: 'expected at least one of enabled, armed, strategies, netting, chargePlan',
    },
  );
export type AccountChange = z.infer<typeof accountChangeSchema>;

/** State of a broker token; the token itself never leaves the store. */
export const tokenStatusSchema = z.object({
  provider: z.string(),
  accountId: z.string(),
  state: z.enum(['none', 'valid', 'expiring', 'expired', 'rejected']),
  expiresAt: z.iso.datetime().nullable(),
  updatedAt: z.iso.datetime().nullable(),
});
export type TokenStatus = z.infer<typeof tokenStatusSchema>;

/** `PUT /api/v1/accounts/:id/token`. Without `expiresAt` the token ends with the Indian trading day. */
export const tokenSubmissionSchema = z.strictObject({
  token: z.string().min(8).max(8_192),
  expiresAt: z.iso.datetime().optional(),
});
export type TokenSubmission = z.infer<typeof tokenSubmissionSchema>;
