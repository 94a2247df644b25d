import { Injectable } from '@nestjs/common';
import type { StoredAccount } from '../accounts/account.repository';
import { HeldOrders } from './held-orders';
import { Protection } from './protection';
import { SignalDecisions } from './signal-decisions';

/** What an account does after each look at the broker's books. */
@Injectable()
export class OrderUpkeep {
  constructor(
    private readonly heldOrders: HeldOrders,
    private readonly decisions: SignalDecisions,
    private readonly protection: Protection,
  ) {}

  /** Orders that wait here, then signals nobody has decided on, then stops for what is held. */
  async advance(account: StoredAccount): Promise<void> {
    await this.heldOrders.release(account);
    await this.decisions.decidePending(account);
    await this.protection.advance(account);
  }
}
