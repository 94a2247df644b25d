import { z } from 'zod';
import { type AuditEntry, auditPageSchema, auditVerificationSchema } from '../platform/audit';
import {
  type ApiKeySummary,
  apiKeySchema,
  createdApiKeySchema,
  createdUserSchema,
  newApiKeySchema,
  newUserSchema,
  userChangeSchema,
  userSchema,
  type UserSummary,
} from '../platform/identity';
import { isoTime } from '../platform/time';
import { endpoint, nothing } from './endpoint';
import { uuidParams, wholeNumber } from './fields';

const HASH = '9c41e2b07d5f3a68'.repeat(4);
const admin = { owner: 'dashboard', access: { least: 'admin' } } as const;
const adminConfirmed = { owner: 'dashboard', access: { least: 'admin', confirm: 'always' } } as const;

const user: UserSummary = {
  id: '4b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a11',
  name: 'mira',
  role: 'trader',
  enabled: true,
  secondFactor: false,
  createdAt: '2026-11-01T09:00:00.000Z',
};
const key: ApiKeySummary = {
  id: '5b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a12',
  name: 'nightly-report',
  scope: 'read',
  createdAt: '2026-11-01T09:00:00.000Z',
  createdBy: 'mira',
  expiresAt: '2027-01-30T09:00:00.000Z',
  lastUsedAt: null,
  revokedAt: null,
};
const entry: AuditEntry = {
  sequence: 17,
  at: '2026-11-20T05:30:00.000Z',
  actor: 'mira',
  action: 'order.place',
  target: null,
  outcome: 'ok',
  address: '127.0.0.1',
  detail: { symbol: 'RELIANCE' },
  hash: HASH,
};

const text = z.string().min(1).max(200).optional();
const filter = z.strictObject({
  actor: text,
  action: text,
  target: text,
  outcome: text,
  from: isoTime.optional(),
  to: isoTime.optional(),
});

export const administrationEndpoints = {
  'GET /api/v1/users': endpoint({
    ...admin,
    tag: 'users',
    summary: 'Everybody who may sign in, or might again',
    answer: z.array(userSchema),
    answerExample: [user],
    errors: {},
  }),

  'POST /api/v1/users': endpoint({
    ...adminConfirmed,
    tag: 'users',
    summary: 'Makes a user; a generated password is answered this once',
    status: 201,
    body: newUserSchema,
    bodyExamples: { 'With a generated password': { name: 'mira', role: 'trader' } },
    answer: createdUserSchema,
    answerExample: { ...user, password: 'q7f2vZk3Qd9xT1Lm' },
    errors: { USER_NAME_TAKEN: 'There is a user of this name' },
  }),

  'PATCH /api/v1/users/:id': endpoint({
    ...adminConfirmed,
    tag: 'users',
    summary: 'Changes role, disables or enables; acts on open sessions and live streams at once',
    params: uuidParams,
    body: userChangeSchema,
    bodyExamples: { 'Another role': { role: 'viewer' }, 'Keep out': { enabled: false } },
    answer: userSchema,
    answerExample: { ...user, role: 'viewer' },
    errors: {
      USER_NOT_FOUND: 'There is no such user',
      LAST_ADMIN: 'One enabled admin has to stay',
    },
  }),

  'GET /api/v1/keys': endpoint({
    ...admin,
    tag: 'keys',
    summary: 'Keys of scripts, without the keys themselves',
    answer: z.array(apiKeySchema),
    answerExample: [key],
    errors: {},
  }),

  'POST /api/v1/keys': endpoint({
    ...adminConfirmed,
    tag: 'keys',
    summary: 'Makes a key; it is shown this once',
    status: 201,
    body: newApiKeySchema,
    bodyExamples: { 'For reading': { name: 'nightly-report', scope: 'read', expiresInDays: 90 } },
    answer: createdApiKeySchema,
    answerExample: { ...key, key: 'tbk_example' },
    errors: { KEY_NAME_TAKEN: 'There is or was a key of this name' },
  }),

  'DELETE /api/v1/keys/:id': endpoint({
    ...admin,
    tag: 'keys',
    summary: 'Revokes a key at once, its live streams included',
    params: uuidParams,
    status: 204,
    answer: nothing,
    answerExample: undefined,
    errors: { KEY_NOT_FOUND: 'No living key has this id' },
  }),

  'GET /api/v1/audit': endpoint({
    ...admin,
    tag: 'audit',
    summary: 'Who did what, newest first',
    description: '`before` is `nextBefore` of the page before.',
    query: filter.extend({
      before: wholeNumber(1).optional(),
      limit: wholeNumber(1, 500).default(100),
    }),
    answer: auditPageSchema,
    answerExample: { entries: [entry], nextBefore: null },
    errors: {},
  }),

  'GET /api/v1/audit/verification': endpoint({
    ...admin,
    tag: 'audit',
    summary: 'Whether every row still follows from the one before',
    answer: auditVerificationSchema,
    answerExample: { intact: true, rows: 17, brokenAt: null, newest: { sequence: 17, hash: HASH } },
    errors: {},
  }),

  'GET /api/v1/audit/export': endpoint({
    ...admin,
    tag: 'audit',
    summary: 'All rows of a filter as CSV or as one JSON object per line, newest first',
    query: filter.extend({ format: z.enum(['csv', 'ndjson']).default('csv') }),
    media: ['text/csv', 'application/x-ndjson'],
    answer: z.string(),
    answerExample: `sequence,at,actor,action,target,outcome,address,detail,hash\r\n17,2026-11-20T05:30:00.000Z,mira,order.place,,ok,127.0.0.1,{},${HASH}\r\n`,
    errors: {},
  }),
};
