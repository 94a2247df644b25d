import { z } from 'zod';
import { isoTime } from './time';

/** What somebody may do: see, trade, or decide about accounts, limits, people and keys. Each may do what those before it may. */
export const ROLES = ['viewer', 'trader', 'admin'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Whether a role may do what needs at least `least`. */
export function roleReaches(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

const password = z.string().min(1).max(1_000);
/** A password somebody chooses. */
export const newPasswordSchema = z.string().min(12, 'expected at least 12 characters').max(1_000);
/** Six digits of the second factor, or a recovery code. */
const code = z.string().min(6).max(40);

/** `POST /api/v1/auth/login`. */
export const loginSchema = z.strictObject({
  username: z.string().min(1).max(100),
  password,
  /** Needed by users with a second factor. */
  code: code.optional(),
});

/** `POST /api/v1/auth/confirm`: proves again who is there, by password or code. */
export const confirmationSchema = z
  .strictObject({ password: password.optional(), code: code.optional() })
  .refine((proof) => (proof.password === undefined) !== (proof.code === undefined), {
    message: 'expected either password or code',
  });

/** `POST /api/v1/auth/password`. */
export const passwordChangeSchema = z.strictObject({ current: password, next: newPasswordSchema });

/** `POST /api/v1/auth/second-factor/enable`. */
export const codeSchema = z.strictObject({ code });

/** Who is signed in. */
export const currentUserSchema = z.object({
  name: z.string(),
  role: roleSchema,
  /** `null` for a script. */
  sessionExpiresAt: isoTime.nullable(),
  /** Whether a code is asked for at sign-in; `required` while one must be set up first. */
  secondFactor: z.enum(['on', 'off', 'required']),
  /** Until when acts that need a fresh proof of identity go without asking. */
  confirmedUntil: isoTime.nullable(),
});

/** A second factor being set up. */
export const secondFactorSetupSchema = z.object({
  /** Base32, for apps without a camera. */
  secret: z.string(),
  /** `otpauth://` address. */
  address: z.string(),
  /** The address as a picture: `data:image/svg+xml;…`. */
  qrCode: z.string(),
});

/** Shown once; each gets in once without the second factor. */
export const recoveryCodesSchema = z.object({ recoveryCodes: z.array(z.string()) });

/** A session in the list of its user; `id` can revoke it and cannot be used to get in. */
export const sessionSummarySchema = z.object({
  id: z.string(),
  current: z.boolean(),
  createdAt: isoTime,
  lastSeenAt: isoTime,
  expiresAt: isoTime,
  userAgent: z.string().nullable(),
});

/** Names the platform signs with itself; nobody else may bear them. */
const TAKEN = new Set(['internal-key', 'command-line', 'platform', 'script', 'system']);
const userName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/, 'expected 1 to 50 letters, digits, dots, dashes or underscores')
  .refine((name) => !TAKEN.has(name.toLowerCase()), 'is a name of the platform itself');

/** `GET /api/v1/users`. */
export const userSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  enabled: z.boolean(),
  secondFactor: z.boolean(),
  createdAt: isoTime,
});

/** `POST /api/v1/users`. */
export const newUserSchema = z.strictObject({
  name: userName,
  role: roleSchema,
  /** Left out, one is generated and answered once. */
  password: newPasswordSchema.optional(),
});

/** Answer to it; `password` is present when it was generated, and never shown again. */
export const createdUserSchema = userSchema.extend({ password: z.string().optional() });

/** `PATCH /api/v1/users/:id`. */
export const userChangeSchema = z
  .strictObject({ role: roleSchema.optional(), enabled: z.boolean().optional() })
  .refine(({ role, enabled }) => role !== undefined || enabled !== undefined, {
    message: 'expected at least one of role, enabled',
  });

export const SCOPES = ['read', 'trade', 'admin'] as const;
export const scopeSchema = z.enum(SCOPES);

/** A key of a script, without the key itself. */
export const apiKeySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  scope: scopeSchema,
  createdAt: isoTime,
  createdBy: z.string(),
  expiresAt: isoTime,
  lastUsedAt: isoTime.nullable(),
  revokedAt: isoTime.nullable(),
});

/** `POST /api/v1/keys`. */
export const newApiKeySchema = z.strictObject({
  name: userName,
  scope: scopeSchema,
  expiresInDays: z.number().int().min(1).max(730).default(90),
});

/** Answer to it: the key, shown this once. */
export const createdApiKeySchema = apiKeySchema.extend({ key: z.string() });

export type Login = z.infer<typeof loginSchema>;
export type Confirmation = z.infer<typeof confirmationSchema>;
export type PasswordChange = z.infer<typeof passwordChangeSchema>;
export type CurrentUser = z.infer<typeof currentUserSchema>;
export type SecondFactorSetup = z.infer<typeof secondFactorSetupSchema>;
export type RecoveryCodes = z.infer<typeof recoveryCodesSchema>;
export type SessionSummary = z.infer<typeof sessionSummarySchema>;
export type UserSummary = z.infer<typeof userSchema>;
export type NewUser = z.infer<typeof newUserSchema>;
export type CreatedUser = z.infer<typeof createdUserSchema>;
export type UserChange = z.infer<typeof userChangeSchema>;
export type Scope = z.infer<typeof scopeSchema>;
export type ApiKeySummary = z.infer<typeof apiKeySchema>;
export type NewApiKey = z.infer<typeof newApiKeySchema>;
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;
