import { z } from 'zod';
import { isoTime } from './time';

/** One row of the audit log. */
export const auditEntrySchema = z.object({
  /** From 1, without gaps. */
  sequence: z.number().int().positive(),
  at: isoTime,
  /** User name, `key:<name>`, `internal-key`, or the name somebody tried to sign in with. */
  actor: z.string(),
  /** `sign-in`, `user.change`, `account.change`, … */
  action: z.string(),
  target: z.string().nullable(),
  /** `ok`, or the code of the refusal. */
  outcome: z.string(),
  address: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  /** Hash over the row before and this one's content. */
  hash: z.string(),
});

/** `GET /api/v1/audit`: newest first. */
export const auditPageSchema = z.object({
  entries: z.array(auditEntrySchema),
  /** `before` of the next page; `null` on the last. */
  nextBefore: z.number().int().positive().nullable(),
});

/** `GET /api/v1/audit/verification`. */
export const auditVerificationSchema = z.object({
  intact: z.boolean(),
  rows: z.number().int().nonnegative(),
  /** First row that does not follow from the one before. */
  brokenAt: z.number().int().positive().nullable(),
  /** Keep it elsewhere: rows cut off at the end show only against it. */
  newest: z.object({ sequence: z.number(), hash: z.string() }).nullable(),
});

export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditPage = z.infer<typeof auditPageSchema>;
export type AuditVerification = z.infer<typeof auditVerificationSchema>;
