import { z } from 'zod';
import {
  codeSchema,
  confirmationSchema,
  type CurrentUser,
  currentUserSchema,
  loginSchema,
  passwordChangeSchema,
  recoveryCodesSchema,
  secondFactorSetupSchema,
  sessionSummarySchema,
} from '../platform/identity';
import { endpoint, nothing } from './endpoint';

const tooMany = { TOO_MANY_ATTEMPTS: 'Too many wrong attempts; Retry-After says when to come back' } as const;
const noSession = { NO_SESSION: 'A key has no session: this is for people who signed in' } as const;
const wrongProof = { WRONG_PROOF: 'The password or the code is wrong', ...tooMany, ...noSession } as const;
const userGone = { USER_NOT_FOUND: 'The signed-in user is gone' } as const;
const ownSession = { owner: 'dashboard', tag: 'sign-in', access: { least: 'self' } } as const;
const noAnswer = { status: 204, answer: nothing, answerExample: undefined } as const;

const me: CurrentUser = {
  name: 'mira',
  role: 'trader',
  sessionExpiresAt: '2026-11-20T17:30:00.000Z',
  secondFactor: 'on',
  confirmedUntil: null,
};
const PASSWORD = 'correct horse battery';
const SESSION_ID = '5f0c9a1b'.repeat(8);

export const signInEndpoints = {
  'POST /api/v1/auth/login': endpoint({
    ...ownSession,
    summary: 'Begins a session; its id is in the cookie only',
    access: { least: 'public' },
    body: loginSchema,
    bodyExamples: {
      'By password': { username: 'mira', password: PASSWORD },
      'With a second factor': { username: 'mira', password: PASSWORD, code: '123456' },
    },
    answer: currentUserSchema,
    answerExample: me,
    errors: {
      WRONG_CREDENTIALS: 'The user name or the password is wrong',
      CODE_REQUIRED: 'The user has a second factor and no code came along',
      WRONG_CODE: { 401: 'The code is wrong, or was used before' },
      ...tooMany,
      DATABASE_UNAVAILABLE: 'PostgreSQL cannot be reached',
    },
  }),

  'POST /api/v1/auth/logout': endpoint({
    ...ownSession,
    ...noAnswer,
    summary: 'Ends this session, its live streams included',
    errors: noSession,
  }),

  'GET /api/v1/auth/me': endpoint({
    ...ownSession,
    summary: 'Who is signed in',
    answer: currentUserSchema,
    answerExample: me,
    errors: {},
  }),

  'GET /api/v1/auth/sessions': endpoint({
    ...ownSession,
    summary: 'Live sessions of the signed-in user, newest first',
    answer: z.array(sessionSummarySchema),
    answerExample: [
      {
        id: SESSION_ID,
        current: true,
        createdAt: '2026-11-20T03:30:00.000Z',
        lastSeenAt: '2026-11-20T05:30:00.000Z',
        expiresAt: '2026-11-20T17:30:00.000Z',
        userAgent: 'Mozilla/5.0',
      },
    ],
    errors: noSession,
  }),

  'DELETE /api/v1/auth/sessions/:id': endpoint({
    ...ownSession,
    ...noAnswer,
    summary: 'Ends one of the signed-in user’s sessions',
    params: z.strictObject({
      id: z.string().regex(/^[a-f0-9]{64}$/, 'expected an id from the list of sessions'),
    }),
    errors: { SESSION_NOT_FOUND: 'No live session of the caller has this id', ...noSession },
  }),

  'POST /api/v1/auth/confirm': endpoint({
    ...ownSession,
    ...noAnswer,
    summary: 'Proves anew who is there, by password or code; counts for five minutes',
    body: confirmationSchema,
    bodyExamples: { 'By password': { password: PASSWORD }, 'By code': { code: '123456' } },
    errors: wrongProof,
  }),

  'POST /api/v1/auth/password': endpoint({
    ...ownSession,
    ...noAnswer,
    summary: 'Changes the own password; all other sessions end',
    body: passwordChangeSchema,
    bodyExamples: { Change: { current: PASSWORD, next: 'a longer horse battery' } },
    errors: wrongProof,
  }),

  'POST /api/v1/auth/second-factor': endpoint({
    ...ownSession,
    summary: 'Begins to set up a second factor: the secret, and its QR code',
    access: { least: 'self', confirm: 'always' },
    answer: secondFactorSetupSchema,
    answerExample: {
      secret: 'JBSWY3DPEHPK3PXP',
      address: 'otpauth://totp/Tickbridge:mira?secret=JBSWY3DPEHPK3PXP&issuer=Tickbridge',
      qrCode: 'data:image/svg+xml;base64,PHN2Zy8+',
    },
    errors: { SECOND_FACTOR_IN_FORCE: 'Remove the second factor first', ...userGone, ...noSession },
  }),

  'POST /api/v1/auth/second-factor/enable': endpoint({
    ...ownSession,
    summary: 'Puts it in force with a first code; answers the recovery codes this once',
    body: codeSchema,
    bodyExamples: { 'A first code': { code: '123456' } },
    answer: recoveryCodesSchema,
    answerExample: { recoveryCodes: ['k3v9-x2mq-7pda'] },
    errors: {
      WRONG_CODE: { 400: 'The code does not fit' },
      NO_SECOND_FACTOR_SETUP: 'None is being set up',
      ...tooMany,
      ...userGone,
      ...noSession,
    },
  }),

  'DELETE /api/v1/auth/second-factor': endpoint({
    ...ownSession,
    ...noAnswer,
    summary: 'Removes the second factor and its recovery codes',
    access: { least: 'self', confirm: 'always' },
    errors: noSession,
  }),
};
