import { Injectable } from '@nestjs/common';
import {
  accountSchema,
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

  /** Of every enabled account; `null` when one of them is not known. */
  async portfolios(): Promise<Portfolio[] | null> {
    const accounts = await this.read('/api/v1/accounts', z.array(accountSchema));
    if (accounts === null) return null;
    const portfolios = await Promise.all(
      accounts
        .filter(({ enabled, trading }) => enabled && trading.state !== 'idle')
        .map(({ id }) => this.read('/api/v1/portfolio', portfolioSchema, { account: id })),
    );
    return portfolios.every((portfolio) => portfolio !== null) ? portfolios : null;
  }

  positions(): Promise<Position[] | null> {
    return this.read('/api/v1/positions', z.array(positionSchema));
  }

  signals(count: number): Promise<Signal[] | null> {
    return this.read('/api/v1/signals/recent', z.array(signalSchema), { count: String(count) });
  }

  orders(limit: number): Promise<Order[] | null> {
    return this.read('/api/v1/orders', z.array(orderSchema), { limit: String(limit) });
  }

  private async read<T>(path: string, schema: ZodType<T>, query?: Record<string, string>): Promise<T | null> {
    const answer = await this.upstream.read('orchestrator', path, query && new URLSearchParams(query));
    return schema.safeParse(answer).data ?? null;
  }
}
