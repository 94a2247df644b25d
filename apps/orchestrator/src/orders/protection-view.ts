import { Injectable } from '@nestjs/common';
import { isTerminal, money, type ProtectedSymbol, type SymbolOrder } from '@tickbridge/trading-core';
import { TradingClock } from '../market/trading-clock';
import { PositionBook } from '../positions/position-book';
import type { OrderRow } from '../rows/order.rows';
import { OrderRepository, type ProtectiveHistory } from './order.repository';
import { ProtectiveLevels } from './protective-levels';

/** What is held and what works in one symbol of an account, as protection looks at it. */
export interface ProtectionView {
  readonly symbol: Omit<ProtectedSymbol, 'mayClose'>;
  /** The orders by id. */
  readonly rows: ReadonlyMap<string, OrderRow>;
  /** Protective orders that each group has had, whatever became of them. */
  readonly attempts: ReadonlyMap<string, number>;
}

/** Gathers what the pure rule of protection decides on. */
@Injectable()
export class ProtectionViews {
  constructor(
    private readonly orders: OrderRepository,
    private readonly book: PositionBook,
    private readonly levels: ProtectiveLevels,
    private readonly clock: TradingClock,
  ) {}

  /** Symbols of the account in which something is held or a protective order works. */
  async symbols(accountId: string): Promise<string[]> {
    const stops = (await this.orders.unfinished(accountId)).filter((order) => order.protective);
    const held = this.book.open(accountId);
    return [...new Set([...held, ...stops].map(({ symbol }) => symbol))].filter((symbol) =>
      this.levels.isOpen(accountId, symbol),
    );
  }

  async of(accountId: string, symbol: string): Promise<ProtectionView> {
    const levels = await this.levels.of(accountId, symbol);
    const open = (await this.orders.unfinished(accountId)).filter((order) => order.symbol === symbol);
    const held = this.book.open(accountId).filter((row) => row.symbol === symbol);
    const groups = held.flatMap(({ strategy }) => this.book.groupId(accountId, strategy, symbol) ?? []);
    const history = await this.orders.protectiveOf(groups);
    const positions = held.flatMap(({ strategy, quantity }) => {
      const groupId = this.book.groupId(accountId, strategy, symbol);
      // Without an average price nothing tells the level.
      const level = levels.get(strategy) ?? { stop: undefined, reached: false };
      if (groupId === undefined) return [];
      const endings = endingsOf(history.filter((one) => one.groupId === groupId));
      return { strategy, groupId, quantity: Number(quantity), ...level, endings };
    });
    return {
      symbol: { positions, orders: open.map(toSymbolOrder), now: this.clock.now() },
      rows: new Map(open.map((order) => [order.id, order])),
      attempts: new Map(
        groups.map((id) => [id, history.filter(({ groupId }) => groupId === id).length] as const),
      ),
    };
  }
}

function toSymbolOrder(row: OrderRow): SymbolOrder {
  const { id, strategy, side, type, timeInForce, quantity, filledQuantity: filled } = row;
  const order = {
    id,
    strategy,
    side,
    remaining: money(quantity).minus(filled).toNumber(),
    immediate: type === 'MARKET' || timeInForce === 'IOC',
  };
  if (!row.protective || row.groupId === null || row.triggerPrice === null) return order;
  const { groupId, triggerPrice: trigger } = row;
  return { ...order, stop: { groupId, trigger, quantity, filled, state: stateOf(row) } };
}

function stateOf({ status, brokerOrderId }: OrderRow): 'resting' | 'changing' | 'unsettled' {
  if (brokerOrderId === null || status === 'PendingCancel') return 'unsettled';
  return status === 'PendingUpdate' ? 'changing' : 'resting';
}

/** @param history of one group, newest first */
function endingsOf(history: readonly ProtectiveHistory[]) {
  const ended = history.filter(({ status }) => isTerminal(status));
  const failed = ({ status, canceled, filledQuantity }: ProtectiveHistory) =>
    status === 'Rejected' || (status === 'Canceled' && !canceled && filledQuantity === 0);
  // What the risk check denied says nothing of the broker, for or against.
  const told = ended.filter(({ status }) => status !== 'Denied');
  const firstGood = told.findIndex((one) => !failed(one));
  const [newest] = ended;
  const denied = newest?.status === 'Denied';
  const counts = newest !== undefined && (denied || failed(newest));
  return {
    failures: firstGood === -1 ? told.length : firstGood,
    failedAt: counts ? newest.updatedAt.getTime() : null,
    denied,
  };
}
