import { Injectable } from '@nestjs/common';
import type { StoredAccount } from '../accounts/account.repository';
import { BracketEntries } from './bracket-entries';
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
    private readonly entries: BracketEntries,
  ) {}

  /** Entries of positions that are over, orders that wait here, signals nobody has decided on, stops for what is held. */
  async advance(account: StoredAccount): Promise<void> {
    await this.entries.endLeft(account);
    await this.heldOrders.release(account);
    await this.decisions.decidePending(account);
    await this.protection.advance(account);
  }
}
