import { bookedTransferSchema, transferSchema } from '../trading/transfer';
import { accountParams } from './accounts';
import { database, heldAccount, unknownAccount } from './common-problems';
import { endpoint } from './endpoint';
import { ACCOUNT } from './examples';

const REQUEST_ID = '3b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a04';

export const transferEndpoints = {
  'POST /api/v1/accounts/:id/transfers': endpoint({
    owner: 'orchestrator',
    tag: 'accounts',
    summary: 'Books a deposit or a withdrawal; the same requestId books it once',
    description:
      'Cash and equity change, profit does not: the profit of the day, the peak of the equity and drawdowns leave it out. It books what happened to the money and moves none.',
    access: { least: 'admin', audit: 'account.transfer' },
    params: accountParams,
    status: 201,
    body: transferSchema,
    bodyExamples: {
      'A deposit': {
        requestId: REQUEST_ID,
        kind: 'deposit',
        amount: '25000.50',
        by: 'mira',
        reason: 'more capital',
      },
    },
    answer: bookedTransferSchema,
    answerExample: {
      position: 7,
      accountId: ACCOUNT,
      requestId: REQUEST_ID,
      kind: 'deposit',
      amount: '25000.5',
      day: '2026-11-20',
      recordedBy: 'mira',
      reason: 'more capital',
      recordedAt: '2026-11-20T05:30:00.000Z',
    },
    errors: {
      ...unknownAccount,
      CASH_TOO_LOW: 'More is taken out than there is cash',
      CASH_COMMITTED: 'What is taken out backs short positions and orders that work',
      CASH_NOT_SETTLED: 'More is taken out than there is without the proceeds of sales that are not settled',
      DAY_TO_COME: "The day is after the account's trading day",
      REQUEST_ID_REUSED: 'The requestId belongs to another transfer',
      ...heldAccount,
      ...database,
    },
  }),
};
