import type { positions } from '@tickbridge/database';
import { type Holding, money } from '@tickbridge/trading-core';

export type PositionRow = typeof positions.$inferSelect;

export function toHolding({ quantity, cost, realized, fees, closedNet }: PositionRow): Holding {
  return {
    quantity: money(quantity),
    cost: money(cost),
    realized: money(realized),
    fees: money(fees),
    closedNet: money(closedNet),
  };
}
