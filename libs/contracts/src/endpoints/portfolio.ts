import { z } from 'zod';
import {
  booksCheckSchema,
  equityCurveSchema,
  equityIntervalSchema,
  portfolioDaySchema,
  strategyPortfolioSchema,
} from '../trading/equity';
import { journalPartSchema } from '../trading/journal';
import { portfolioSchema, positionSchema } from '../trading/portfolio';
import { groupStatisticsSchema, roundTripSchema, statisticsGroupSchema } from '../trading/round-trip';
import { isoTime } from '../platform/time';
import { database, unknownAccount } from './common-problems';
import { endpoint } from './endpoint';
import { ACCOUNT, portfolio, position, roundTrip, tradeStatistics } from './examples';
import { accountField, strategyField, wholeNumber } from './fields';

const accountQuery = z.strictObject({ account: accountField.optional() });
const tripFields = {
  account: accountField.optional(),
  strategy: strategyField.optional(),
  symbol: z.string().min(1).max(50).optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
};
const ofOneAccount = {
  owner: 'orchestrator',
  tag: 'portfolio',
  access: { least: 'viewer' },
  errors: { ...unknownAccount, ...database },
} as const;

export const portfolioEndpoints = {
  'GET /api/v1/positions': endpoint({
    ...ofOneAccount,
    summary: "Open positions of this feed's accounts, valued at the newest prices",
    description: '`state=all` adds flat positions with their realised profit.',
    query: z.strictObject({
      account: accountField.optional(),
      state: z.enum(['open', 'all']).default('open'),
    }),
    answer: z.array(positionSchema),
    answerExample: [position],
    errors: database,
  }),

  'GET /api/v1/portfolio': endpoint({
    ...ofOneAccount,
    summary: "Cash, profit and equity of an account; without one, of this feed's first",
    query: accountQuery,
    answer: portfolioSchema,
    answerExample: portfolio,
  }),

  'GET /api/v1/portfolio/equity': endpoint({
    ...ofOneAccount,
    summary: 'Equity of an account, or profit of a strategy, over time',
    description:
      'Measured after every fill and every ten seconds while something is held; older samples are thinned. `from` is inclusive, a day before `to` when absent; `to` is exclusive, now when absent. At most 10,000 points.',
    query: z.strictObject({
      account: accountField.optional(),
      strategy: strategyField.optional(),
      from: isoTime.optional(),
      to: isoTime.optional(),
      interval: equityIntervalSchema.default('1m'),
    }),
    answer: equityCurveSchema,
    answerExample: {
      accountId: ACCOUNT,
      currency: 'INR',
      strategy: null,
      interval: '1m',
      maxDrawdown: '0',
      points: [
        { at: '2026-11-20T05:30:59.000Z', equity: '1000003.80', drawdown: '0', grossExposure: '25010.00' },
      ],
    },
    errors: {
      TOO_MANY_POINTS: 'The range holds more than 10,000 intervals',
      ...unknownAccount,
      ...database,
    },
  }),

  'GET /api/v1/portfolio/strategies': endpoint({
    ...ofOneAccount,
    summary: 'What each strategy has made of an account',
    query: accountQuery,
    answer: z.array(strategyPortfolioSchema),
    answerExample: [
      {
        accountId: ACCOUNT,
        strategy: 'momentum-breakout',
        openPositions: 1,
        realizedProfit: '0',
        unrealizedProfit: '9.00',
        fees: '5.20',
        netProfit: '3.80',
        grossExposure: '25010.00',
        netExposure: '25010.00',
        wins: 0,
        losses: 0,
        drawdown: '0',
      },
    ],
  }),

  'GET /api/v1/portfolio/round-trips': endpoint({
    ...ofOneAccount,
    summary: 'What was opened and closed again, newest first, net of every charge of entry and exit',
    description:
      'From flat to flat: all fills of a strategy in a symbol between two moments at which it held nothing of it. A fill through zero ends one and begins the next. `from` and `to` are times of closing, inclusive and exclusive; for the page behind, ask up to the last `closedAt`.',
    query: z.strictObject({ ...tripFields, limit: wholeNumber(1, 1_000).default(100) }),
    answer: z.array(roundTripSchema),
    answerExample: [roundTrip],
  }),

  'GET /api/v1/portfolio/statistics': endpoint({
    ...ofOneAccount,
    summary: 'Trades, wins, profit factor, expectancy, holding time and excursions of closed round trips',
    description:
      "One row per strategy, symbol, day of closing on the market's clock, or for the account as a whole.",
    query: z.strictObject({ ...tripFields, groupBy: statisticsGroupSchema.default('strategy') }),
    answer: z.array(groupStatisticsSchema),
    answerExample: [{ group: 'momentum-breakout', ...tradeStatistics }],
  }),

  'GET /api/v1/portfolio/days': endpoint({
    ...ofOneAccount,
    summary: "Trading days on the market's clock, newest first, the current one among them",
    query: z.strictObject({
      account: accountField.optional(),
      limit: wholeNumber(1, 1_000).default(60),
    }),
    answer: z.array(portfolioDaySchema),
    answerExample: [
      {
        accountId: ACCOUNT,
        day: '2026-11-20',
        startsAt: '2026-11-19T18:30:00.000Z',
        endsAt: '2026-11-20T18:30:00.000Z',
        closed: false,
        openingEquity: '1000000',
        closingEquity: '1000003.80',
        highEquity: '1000003.80',
        lowEquity: '999994.80',
        maxDrawdown: '5.20',
        paidIn: '0',
        realizedProfit: '0',
        fees: '5.20',
        fills: 1,
      },
    ],
  }),

  'GET /api/v1/portfolio/check': endpoint({
    ...ofOneAccount,
    summary: 'Compares cash, positions and days with the fold of all fills, to the last digit',
    query: accountQuery,
    answer: booksCheckSchema,
    answerExample: {
      accountId: ACCOUNT,
      agrees: true,
      fills: 1,
      positions: 1,
      days: 1,
      differences: [],
      checkedAt: '2026-11-20T05:31:00.000Z',
    },
  }),

  'GET /api/v1/portfolio/journal': endpoint({
    ...ofOneAccount,
    summary: 'The books of an account as CSV: trades, closed lots by tax category, or changes of cash',
    description:
      "`trades`: a line for each fill, with its charges by item. `lots`: what was opened and closed again, the first in first out, with how it is taxed (India's shares: purchases and sales of one day are paired first). `cash`: deposits, withdrawals and what contract notes changed. Days are the market's trading days, both inclusive.",
    query: z.strictObject({
      account: accountField.optional(),
      part: journalPartSchema.default('trades'),
      from: z.iso.date().optional(),
      to: z.iso.date().optional(),
    }),
    media: ['text/csv'],
    answer: z.string(),
    answerExample:
      'day,time,kind,amount,currency,order_id,symbol,side,recorded_by,reason\r\n2026-11-20,2026-11-20T05:30:00.000Z,deposit,25000.5,INR,,,,mira,more capital\r\n',
  }),
};
