import { Injectable } from '@nestjs/common';
import {
  orderSchema,
  portfolioSchema,
  positionSchema,
  signalSchema,
  tradingStateSchema,
  type Order,
  type Portfolio,
  type Position,
  type Signal,
  type TradingState,
} from '@tickbridge/contracts';
import { z, type ZodType } from 'zod';
import { Upstream } from '../gateway/upstream';

/** What the orchestrator owns, read as data; `null` when it does not answer as agreed. */
@Injectable()
export class TradingReader {
  constructor(private readonly upstream: Upstream) {}

  state(): Promise<TradingState | null> {
    return this.read('/api/v1/trading/state', tradingStateSchema);
  }

  async portfolios(): Promise<Portfolio[] | null> {
    const answer = await this.read('/api/v1/portfolio', z.union([portfolioSchema, z.array(portfolioSchema)]));
    return answer === null || Array.isArray(answer) ? answer : [answer];
  }

  positions(): Promise<Position[] | null> {
    return this.read('/api/v1/positions', z.array(positionSchema));
  }

  signals(count: number): Promise<Signal[] | null> {
    return this.read('/api/v1/signals/recent', z.array(signalSchema), { count: String(count) });
  }

  async orders(limit: number): Promise<Order[] | null> {
    const orders = await this.read('/api/v1/orders', z.array(orderSchema));
    return orders?.slice(0, limit) ?? null;
  }

  private async read<T>(path: string, schema: ZodType<T>, query?: Record<string, string>): Promise<T | null> {
    const answer = await this.upstream.read('orchestrator', path, query && new URLSearchParams(query));
    return schema.safeParse(answer).data ?? null;
  }
}
