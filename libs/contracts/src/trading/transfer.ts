import { z } from 'zod';
import { lineOfText } from '../platform/text';
import { isoTime } from '../platform/time';
import { moneySchema } from './portfolio';

/** Money that a person pays into an account or takes out of it. */
export const TRANSFER_KINDS = ['deposit', 'withdrawal'] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

/** Beyond this an amount is most likely a slip. */
const MAX_DIGITS = 12;

/** `POST /api/v1/accounts/:id/transfers`. */
export const transferSchema = z.strictObject({
  /** Chosen by the asking side: the same id is one transfer, however often it is sent. */
  requestId: z.uuid(),
  kind: z.enum(TRANSFER_KINDS),
  /** Above zero, in the account's currency, exact: `"25000.50"`. */
  amount: z
    .string()
    .regex(
      new RegExp(`^\\d{1,${MAX_DIGITS}}(\\.\\d{1,8})?$`),
      'expected a plain decimal number, such as 25000.50',
    )
    .refine((text) => /[1-9]/.test(text), 'expected more than zero'),
  /** Trading day it is about, on the market's clock; today by default, no day to come. */
  day: z.iso.date().optional(),
  by: lineOfText(100),
  reason: lineOfText(500),
});
export type Transfer = z.infer<typeof transferSchema>;

/** A transfer as it was booked. */
export const bookedTransferSchema = z.object({
  position: z.number().int().positive(),
  accountId: z.string(),
  requestId: z.uuid(),
  kind: z.enum(TRANSFER_KINDS),
  /** What cash changed by: below zero for a withdrawal. */
  amount: moneySchema,
  day: z.iso.date(),
  recordedBy: z.string(),
  reason: z.string(),
  recordedAt: isoTime,
});
export type BookedTransfer = z.infer<typeof bookedTransferSchema>;
