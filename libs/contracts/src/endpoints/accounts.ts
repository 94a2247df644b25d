import { z } from 'zod';
import {
  type Account,
  accountChangeSchema,
  accountSchema,
  newAccountSchema,
  type TokenStatus,
  tokenStatusSchema,
  tokenSubmissionSchema,
} from '../trading/account';
import { brokerStatementSchema } from '../trading/broker-statement';
import { database, unknownAccount } from './common-problems';
import { endpoint } from './endpoint';

export const accountParams = z.strictObject({ id: accountSchema.shape.id });

const account: Account = {
  id: 'PAPER_TRADER_001',
  broker: 'paper',
  enabled: true,
  armed: false,
  feed: 'simulator',
  currency: 'INR',
  capital: '1000000',
  chargePlan: 'sharekhan/standard',
  strategies: null,
  netting: false,
  trading: { state: 'trading', reason: null, holder: 'trading-1:4712', alarms: [] },
};
export const tokenStatus: TokenStatus = {
  provider: 'sharekhan',
  accountId: 'MASTER_USER_001',
  state: 'valid',
  expiresAt: '2026-11-20T18:30:00.000Z',
  updatedAt: '2026-11-20T03:31:07.412Z',
};

export const accountEndpoints = {
  'GET /api/v1/accounts': endpoint({
    owner: 'orchestrator',
    tag: 'accounts',
    summary: 'Trading accounts, who trades them, and what stands in the way',
    access: { least: 'viewer' },
    answer: z.array(accountSchema),
    answerExample: [account],
    errors: database,
  }),

  'POST /api/v1/accounts': endpoint({
    owner: 'orchestrator',
    tag: 'accounts',
    summary: 'Opens an account: paper, or at a broker and disarmed until a person arms it',
    access: { least: 'admin', audit: 'account.open', confirm: 'to-arm' },
    status: 201,
    body: newAccountSchema,
    bodyExamples: {
      'A second paper account that follows one strategy': {
        id: 'PAPER_TRADER_002',
        broker: 'paper',
        feed: 'simulator',
        capital: '500000',
        strategies: ['momentum-breakout'],
        by: 'mira',
        reason: 'try the breakout alone',
      },
      'An account at a broker; it starts disarmed': {
        id: 'MASTER_USER_001',
        broker: 'sharekhan',
        feed: 'truedata',
        capital: '250000',
        by: 'mira',
        reason: 'go live',
      },
    },
    answer: accountSchema,
    answerExample: {
      ...account,
      id: 'PAPER_TRADER_002',
      capital: '500000',
      strategies: ['momentum-breakout'],
    },
    errors: {
      ACCOUNT_EXISTS: 'There is an account of this id',
      FEED_NOT_RUNNING: { 409: 'The platform does not run on this feed' },
      CHARGE_PLAN_UNKNOWN: 'No table of charges has the plan; those that exist are named',
      ...database,
    },
  }),

  'PATCH /api/v1/accounts/:id': endpoint({
    owner: 'orchestrator',
    tag: 'accounts',
    summary:
      'Enables, disables, arms or disarms an account, or names the strategies it follows and the plan it is charged by',
    access: { least: 'admin', audit: 'account.change', confirm: 'to-arm' },
    params: accountParams,
    body: accountChangeSchema,
    bodyExamples: {
      'Arm for real orders': { armed: true, by: 'mira', reason: 'rehearsed for a week' },
      'Charge it as Zerodha does': { chargePlan: 'zerodha/standard', by: 'mira', reason: 'my broker' },
      'Take it out': { enabled: false, by: 'mira', reason: 'holiday' },
    },
    answer: accountSchema,
    answerExample: { ...account, enabled: false },
    errors: {
      ...unknownAccount,
      CHARGE_PLAN_UNKNOWN: 'No table of charges has the plan; those that exist are named',
      ...database,
    },
  }),

  'GET /api/v1/accounts/:id/statement': endpoint({
    owner: 'orchestrator',
    tag: 'accounts',
    summary: "The customer's positions, holdings and limits as the broker shows them",
    description:
      "In the broker's own words, trades made elsewhere included; the same answer for five seconds. Positions of the platform are the fold of proved fills: `GET /api/v1/positions`.",
    access: { least: 'trader' },
    params: accountParams,
    answer: brokerStatementSchema,
    answerExample: {
      accountId: 'MASTER_USER_001',
      broker: 'sharekhan',
      readAt: '2026-11-20T05:30:00.000Z',
      positions: [{ exchange: 'NC', scripCode: 2885, tradingSymbol: 'RELIANCE', netQty: 3 }],
      holdings: [],
      limits: [{ availableBalance: 991_240.5 }],
    },
    errors: {
      ...unknownAccount,
      NO_BROKER_STATEMENT: 'A paper account: its books are kept here',
      BROKER_NOT_SET_UP: 'SHAREKHAN_API_KEY and SHAREKHAN_SECRET_KEY are missing',
      TOKEN_MISSING: 'Nobody has logged in today',
      TOKEN_EXPIRED: 'The token has ended: log in again',
      TOKEN_REJECTED: 'The broker refused the token: log in again',
      CUSTOMER_UNKNOWN: 'Whose token it is, is not known',
      BROKER_UNREACHABLE: 'The broker does not answer',
      BROKER_THROTTLED: 'The broker asks for fewer calls',
      ...database,
    },
  }),

  'GET /api/v1/accounts/:id/token': endpoint({
    owner: 'orchestrator',
    tag: 'accounts',
    summary: 'State and expiry of the broker token, never the token',
    access: { least: 'admin', confirm: 'always' },
    params: accountParams,
    answer: tokenStatusSchema,
    answerExample: tokenStatus,
    errors: { ...unknownAccount, ...database },
  }),

  'PUT /api/v1/accounts/:id/token': endpoint({
    owner: 'orchestrator',
    tag: 'accounts',
    summary: "Stores today's broker token, encrypted; it ends with the Indian trading day unless told",
    access: { least: 'admin', audit: 'token.submit' },
    params: accountParams,
    body: tokenSubmissionSchema,
    bodyExamples: { "Today's access token": { token: 'the token of the day' } },
    answer: tokenStatusSchema,
    answerExample: tokenStatus,
    errors: { ...unknownAccount, ...database },
  }),

  'DELETE /api/v1/accounts/:id/token': endpoint({
    owner: 'orchestrator',
    tag: 'accounts',
    summary: 'Takes the broker token back at once',
    access: { least: 'admin', audit: 'token.forget' },
    params: accountParams,
    answer: tokenStatusSchema,
    answerExample: { ...tokenStatus, state: 'none', expiresAt: null },
    errors: { ...unknownAccount, ...database },
  }),
};
