import {
  backtestStatusSchema,
  equityIntervalSchema,
  isoTime,
  orderStatusSchema,
} from '@tickbridge/contracts';
import { z } from 'zod';

const symbol = z.string().min(1).max(50).optional();
const account = z.string().min(1).max(64).optional();
const strategy = z.string().min(1).max(100).optional();

/** Queries the services take, as their own API pages describe them. */
export const queries = {
  signals: z.object({
    count: z.int().min(1).max(1_000).default(50),
    symbol,
    strategy,
    since: isoTime.optional(),
  }),
  orders: z.object({
    status: orderStatusSchema.optional(),
    symbol,
    account,
    limit: z.int().min(1).max(1_000).default(200),
  }),
  positions: z.object({ account, state: z.enum(['open', 'all']).default('open') }),
  portfolio: z.object({ account }),
  equity: z.object({
    account,
    strategy,
    from: isoTime.optional(),
    to: isoTime.optional(),
    interval: equityIntervalSchema.default('1m'),
  }),
  days: z.object({ account, limit: z.int().min(1).max(1_000).default(60) }),
  limits: z.object({ account, strategy, symbol }),
  limitChanges: z.object({
    limit: z.int().min(1).max(500).default(100),
    before: z.int().positive().optional(),
  }),
  backtests: z.object({
    limit: z.int().min(1).max(200).default(50),
    status: backtestStatusSchema.optional(),
  }),
};

/** Parameters of the paths. */
export const paths = {
  order: z.object({ id: z.uuid() }),
  backtest: z.object({ id: z.uuid() }),
  strategy: z.object({ id: z.string() }),
  account: z.object({ id: z.string() }),
  command: z.object({ command: z.enum(['start', 'stop', 'reduce', 'halt', 'flatten', 'reset']) }),
  symbol: z.object({ symbol: z.string() }),
  insight: z.object({ kind: z.enum(['onchain', 'sentiment', 'predictions']), symbol: z.string() }),
};
