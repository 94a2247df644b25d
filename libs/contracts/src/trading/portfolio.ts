import { z } from 'zod';
import { productSchema } from '../market/instrument';
import { isoTime } from '../platform/time';

/** Exact decimal text, `-1204.35`, in the account's currency. */
export const moneySchema = z.string().regex(/^-?\d+(\.\d+)?$/);

export const positionSchema = z.object({
  accountId: z.string(),
  symbol: z.string(),
  strategy: z.string(),
  /** What it is held as; `null` while nothing is held. */
  product: productSchema.nullable(),
  /** Positive is long, negative is short. */
  quantity: z.number(),
  /** Of what is held for delivery, the part that is settled; `null` for everything else. */
  settledQuantity: z.number().nonnegative().nullable(),
  /** When the rest is settled, in the zone of its market; `null` when nothing is left to settle, or no day is known. */
  settlesOn: z.iso.date().nullable(),
  averagePrice: z.number().positive().nullable(),
  /** Price the position is valued at; `null` while no price is known. */
  markPrice: z.number().positive().nullable(),
  /** Age of the mark in milliseconds; `null` while no price is known. */
  markAgeMs: z.number().nonnegative().nullable(),
  /**
   * Where it is left at a loss, as its entry or a person has set it; exit settings of its strategy may put another level in
   * its place. `null` where nothing was set.
   */
  stopLoss: z.number().positive().nullable(),
  /** Where it is left at a profit; as `stopLoss`. */
  takeProfit: z.number().positive().nullable(),
  /** Id of the order that opened it, which the orders of the position share; `null` while flat, or before it was kept. */
  groupId: z.uuid().nullable(),
  realizedProfit: moneySchema,
  unrealizedProfit: moneySchema.nullable(),
  fees: moneySchema,
  updatedAt: isoTime,
});

export const portfolioSchema = z.object({
  accountId: z.string(),
  currency: z.string(),
  /** Capital the account started with. */
  capital: moneySchema,
  cash: moneySchema,
  /** Proceeds of delivery sales in it that are still to be settled: they buy, and cannot be withdrawn. */
  unsettledCash: moneySchema,
  /** Deposits less withdrawals since it was opened: neither profit nor loss. */
  paidIn: moneySchema,
  realizedProfit: moneySchema,
  /** `null` when a position has no price. */
  unrealizedProfit: moneySchema.nullable(),
  equity: moneySchema.nullable(),
  fees: moneySchema,
  grossExposure: moneySchema.nullable(),
  netExposure: moneySchema.nullable(),
  openPositions: z.number().int().nonnegative(),
  /** Highest equity since the account was opened, the present one included; money paid in and out moves it along. */
  peakEquity: moneySchema.nullable(),
  /** How far the equity is below its peak, in percent of the peak. */
  drawdownPercent: z.number().min(0).nullable(),
  /** Equity at the start of the trading day: of the day's end before it. */
  dayOpeningEquity: moneySchema.nullable(),
  dayProfit: moneySchema.nullable(),
  asOf: isoTime,
});

export type Position = z.infer<typeof positionSchema>;
export type Portfolio = z.infer<typeof portfolioSchema>;
