import { z } from 'zod';
import { feedNameSchema } from '../market/asset-class';
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
});
export type Account = z.infer<typeof accountSchema>;

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
