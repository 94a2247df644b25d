import { z } from 'zod';
import { tokenStatusSchema } from '../trading/account';
import { brokerLoginSchema, loginReturnSchema, pastedLoginSchema } from '../trading/broker-login';
import { accountParams, tokenStatus } from './accounts';
import { database, unknownAccount } from './common-problems';
import { endpoint } from './endpoint';

/** Whose login it is, as the dashboard names its sessions; never the session's id itself. */
const session = z.string().min(1).max(200);
const STATE = 'MASTER_USER_001.mhr8k2f0.5f0c9a.Zk3Q';

const notPossible = {
  NO_BROKER_LOGIN: 'A paper account: it has no broker to log in at',
  BROKER_NOT_SET_UP: 'SHAREKHAN_API_KEY and SHAREKHAN_SECRET_KEY are missing',
} as const;
const tokenRefused = {
  REQUEST_TOKEN_INVALID: 'Not made by the broker for this app, or altered',
  REQUEST_TOKEN_REFUSED: 'Used before, or too old',
  CUSTOMER_MISMATCH: 'The account belongs to another customer of the broker',
  BROKER_ANSWER_UNREADABLE: 'The broker answered otherwise than agreed',
  BROKER_UNREACHABLE: 'The broker does not answer',
  BROKER_THROTTLED: 'The broker asks for fewer calls',
} as const;

/** The daily login at a broker. A login belongs to the session that begins it: no other completes it. */
export const brokerLoginEndpoints = {
  'GET /api/v1/accounts/tokens': endpoint({
    owner: 'orchestrator',
    tag: 'broker login',
    summary: 'State and expiry of the token of every account at a broker, never the tokens',
    access: { least: 'trader' },
    answer: z.array(tokenStatusSchema),
    answerExample: [tokenStatus],
    errors: database,
  }),

  'GET /api/v1/accounts/:id/login': endpoint({
    owner: 'orchestrator',
    tag: 'broker login',
    summary: "Address of the broker's login page for this account, good once and for 10 minutes",
    access: { least: 'trader' },
    params: accountParams,
    query: z.strictObject({ session }),
    filledIn: 'session',
    answer: brokerLoginSchema,
    answerExample: {
      url: `https://api.sharekhan.com/skapi/auth/login.html?api_key=k&state=${STATE}&version_id=1005`,
      expiresAt: '2026-11-20T04:10:00.000Z',
    },
    errors: { ...unknownAccount, ...notPossible, ...database },
  }),

  'POST /api/v1/accounts/login': endpoint({
    owner: 'orchestrator',
    tag: 'broker login',
    summary: 'Completes a login with the request token the broker sent the browser back with',
    access: { least: 'trader', audit: 'broker.login' },
    body: loginReturnSchema.extend({ session }),
    bodyExamples: {
      'What the broker sent': { state: STATE, requestToken: 'kehN18adRKirqgcB', session: 'a1b2' },
    },
    filledIn: 'session',
    answer: tokenStatusSchema,
    answerExample: tokenStatus,
    errors: {
      LOGIN_STATE_INVALID: 'Begun in another session, or altered',
      LOGIN_STATE_EXPIRED: 'Begun more than 10 minutes ago',
      LOGIN_STATE_USED: 'Completed already',
      ...unknownAccount,
      ...notPossible,
      ...tokenRefused,
      ...database,
    },
  }),

  'POST /api/v1/accounts/:id/login': endpoint({
    owner: 'orchestrator',
    tag: 'broker login',
    summary: 'Takes a request token, or an access token with its customer, carried over by hand',
    access: { least: 'trader', audit: 'broker.login' },
    params: accountParams,
    body: pastedLoginSchema,
    bodyExamples: {
      'A request token': { requestToken: 'kehN18adRKirqgcB' },
      'An access token': { accessToken: 'the token of the day', customerId: '987654' },
    },
    answer: tokenStatusSchema,
    answerExample: tokenStatus,
    errors: { ...unknownAccount, ...notPossible, ...tokenRefused, ...database },
  }),
};
