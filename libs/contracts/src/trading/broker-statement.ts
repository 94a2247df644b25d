import { z } from 'zod';
import { accountSchema } from './account';

/** A row as the broker wrote it: its names, its figures, nothing interpreted. */
export const brokerRowSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type BrokerRow = z.infer<typeof brokerRowSchema>;

/**
 * What a broker shows of an account's customer, trades made elsewhere included.
 *
 * Our own positions are the fold of proved fills and never taken from here.
 */
export const brokerStatementSchema = z.object({
  accountId: accountSchema.shape.id,
  broker: accountSchema.shape.broker,
  /** When the broker was asked. */
  readAt: z.iso.datetime(),
  /** The day's net trades by instrument. */
  positions: z.array(brokerRowSchema),
  /** Shares in the depository. */
  holdings: z.array(brokerRowSchema),
  /** Cash and what of it is used. */
  limits: z.array(brokerRowSchema),
});
export type BrokerStatement = z.infer<typeof brokerStatementSchema>;
