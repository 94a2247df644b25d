import { Injectable, Logger } from '@nestjs/common';
import { protectiveActions } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { isArmed } from '../accounts/account.repository';
import { Brokers } from '../brokers/brokers';
import { MarketView } from '../market/market-view';
import { TradingStateService } from '../trading-state/trading-state.service';
import { ProtectionViews } from './protection-view';
import { ProtectiveOrders } from './protective-orders';
import { StopChanges } from './stop-changes';

/** Keeps one stop at the broker for every open position of an account whose broker lets stops rest. */
@Injectable()
export class Protection {
  private readonly logger = new Logger('Protection');
  /** What was closed for want of a stop, until this process ends. */
  private readonly alarms = new Set<string>();

  constructor(
    private readonly brokers: Brokers,
    private readonly views: ProtectionViews,
    private readonly orders: ProtectiveOrders,
    private readonly changes: StopChanges,
    private readonly state: TradingStateService,
    private readonly market: MarketView,
  ) {}

  /** What a person must look at: positions for which the broker took no stop. */
  alarmsOf(accountId: string): string[] {
    return [...this.alarms].filter((alarm) => alarm.startsWith(`${accountId}: `));
  }

  /** One comparison of what rests with what should, after the books were compared. Safe to repeat. */
  async advance(account: StoredAccount): Promise<void> {
    const broker = this.brokers.of(account);
    if (!broker.restsStops || !account.enabled || !isArmed(account)) return;
    if (!(await broker.readiness(account)).ready) return;
    for (const symbol of await this.views.symbols(account.id)) await this.protect(account, symbol);
  }

  private async protect(account: StoredAccount, symbol: string): Promise<void> {
    const view = await this.views.of(account.id, symbol);
    const mode = this.state.current?.mode;
    // Who flattens closes everything anyway.
    const mayClose = mode === 'ACTIVE' || mode === 'REDUCING';
    for (const action of protectiveActions({ ...view.symbol, mayClose })) {
      switch (action.kind) {
        case 'place':
          await this.orders.place(action, symbol, account, view.attempts.get(action.groupId) ?? 0);
          break;
        case 'close': {
          if (action.cause === 'stop-refused') this.alarm(account, action.strategy, symbol);
          const price = this.market.mark(symbol)?.price;
          if (price !== undefined) await this.orders.close(action, symbol, account, price);
          break;
        }
        case 'replace':
        case 'cancel':
          await this.changes.carryOut(action, view, account);
      }
    }
  }

  private alarm({ id }: StoredAccount, strategy: string, symbol: string): void {
    const alarm = `${id}: the broker takes no stop for ${symbol} of ${strategy} (STOP_REFUSED): the position is being closed`;
    if (this.alarms.has(alarm)) return;
    this.alarms.add(alarm);
    this.logger.error(alarm);
  }
}
