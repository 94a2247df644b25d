import { z } from 'zod';
import { isoTime } from './time';

/** `POST /api/v1/auth/login`. */
export const loginSchema = z.strictObject({
  username: z.string().min(1).max(100),
  password: z.string().min(1).max(1_000),
});

/** Who is signed in. */
export const currentUserSchema = z.object({
  name: z.string(),
  /** `null` for a script that came with the internal key. */
  sessionExpiresAt: isoTime.nullable(),
});

/** A session in the list of its user; `id` can revoke it and cannot be used to get in. */
export const sessionSummarySchema = z.object({
  id: z.string(),
  current: z.boolean(),
  createdAt: isoTime,
  lastSeenAt: isoTime,
  expiresAt: isoTime,
  userAgent: z.string().nullable(),
});

export type Login = z.infer<typeof loginSchema>;
export type CurrentUser = z.infer<typeof currentUserSchema>;
export type SessionSummary = z.infer<typeof sessionSummarySchema>;
