import { Injectable } from '@nestjs/common';
import type { ProtectiveAction } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingFeeds } from '../market/trading-feeds';
import { BrokerChanges } from './broker-changes';
import type { ProtectionView } from './protection-view';
import { stopLimit } from './stop-limit';

const WHY_CHANGED = 'platform: the stop follows its position';
const WHY_CANCELED = 'platform: the stop makes way, or has nothing to protect';

/** Changes and cancels protective stops where they rest. */
@Injectable()
export class StopChanges {
  constructor(
    private readonly changes: BrokerChanges,
    private readonly feeds: TradingFeeds,
  ) {}

  async carryOut(
    action: Extract<ProtectiveAction, { kind: 'replace' | 'cancel' }>,
    { rows }: ProtectionView,
    account: StoredAccount,
  ): Promise<void> {
    const order = rows.get(action.orderId);
    if (!order) return;
    if (action.kind === 'cancel') {
      await this.changes.cancel(order, account, WHY_CANCELED);
      return;
    }
    const instrument = await this.feeds.of(account.feed).instrumentOf(order.symbol);
    if (!instrument) return;
    const { quantity, trigger: triggerPrice } = action;
    const limitPrice = stopLimit(instrument, triggerPrice, order.side);
    await this.changes.modify(order, { quantity, limitPrice, triggerPrice }, account, WHY_CHANGED);
  }
}
