import { z } from 'zod';
import { breadthSchema, moversSchema, overviewSchema, regimeSchema, tickerSchema } from '../market/views';
import { orderSchema } from '../trading/order';
import { portfolioSchema, positionSchema } from '../trading/portfolio';
import { signalSchema } from '../trading/signal';
import { tradingStateSchema } from '../trading/trading-state';
import { systemStatusSchema } from './system-status';
import { isoTime } from '../platform/time';

/** A part is `null` when the service that owns it did not answer; `unavailable` names those parts. */
const parts = {
  trading: tradingStateSchema.nullable(),
  portfolios: z.array(portfolioSchema).nullable(),
  positions: z.array(positionSchema).nullable(),
  signals: z.array(signalSchema).nullable(),
  orders: z.array(orderSchema).nullable(),
};

const head = { asOf: isoTime, unavailable: z.array(z.string()) };

/** `GET /api/v1/dashboard/summary`: where things stand, without lists. */
export const dashboardSummarySchema = z.object({
  ...head,
  overview: overviewSchema,
  regime: regimeSchema,
  trading: parts.trading,
  portfolios: parts.portfolios,
  openPositions: z.number().int().nonnegative().nullable(),
  recentSignals: z.number().int().nonnegative().nullable(),
  workingOrders: z.number().int().nonnegative().nullable(),
});

/** `GET /api/v1/dashboard/mobile`: one call for a small screen. */
export const dashboardMobileSchema = z.object({
  ...head,
  overview: overviewSchema,
  movers: moversSchema,
  ...parts,
});

/** `GET /api/v1/dashboard/unified`: one call for the whole page. */
export const dashboardUnifiedSchema = z.object({
  ...head,
  overview: overviewSchema,
  breadth: breadthSchema,
  regime: regimeSchema,
  movers: moversSchema,
  tickers: z.array(tickerSchema),
  ...parts,
  system: systemStatusSchema,
});

export type DashboardSummary = z.infer<typeof dashboardSummarySchema>;
export type DashboardMobile = z.infer<typeof dashboardMobileSchema>;
export type DashboardUnified = z.infer<typeof dashboardUnifiedSchema>;
