import { Injectable } from '@nestjs/common';
import type { Signal } from '@tickbridge/contracts';
import type { StoredAccount } from '../accounts/account.repository';
import { CrashPoints } from '../crash-points/crash-points';
import { PipelineCounters } from '../pipeline-counters/pipeline-counters';
import { SignalOutcomes } from '../signals/signal-outcomes';
import { BracketEntries } from './bracket-entries';
import { OrderDrafter } from './order-drafter';
import { OrderExecutor } from './order-executor';
import { OrderRepository } from './order.repository';

/** What an account makes of a signal: an order brought to its broker, or the stored reason why there is none. */
@Injectable()
export class SignalDecisions {
  constructor(
    private readonly outcomes: SignalOutcomes,
    private readonly orders: OrderRepository,
    private readonly drafter: OrderDrafter,
    private readonly executor: OrderExecutor,
    private readonly entries: BracketEntries,
    private readonly counters: PipelineCounters,
    private readonly crash: CrashPoints,
  ) {}

  /** Decides once; safe to repeat at every point. */
  async decide(signal: Signal, account: StoredAccount): Promise<void> {
    if (await this.outcomes.isDecided(signal.id, account.id)) return;
    const outcome = await this.order(signal, account);
    // What rests beside the exit is being canceled: it is taken up again once the broker has said so.
    if (outcome === undefined) return;
    this.crash.reach('signal.finish');
    await this.outcomes.finish(signal.id, account.id, outcome);
    this.crash.reach('signal.finished');
    if (outcome === 'ordered') this.counters.passed('signal');
    else this.counters.stopped('signal', outcome);
  }

  /** Decides on everything that nobody has decided on. */
  async decidePending(account: StoredAccount): Promise<void> {
    for (const signal of await this.outcomes.pending(account)) await this.decide(signal, account);
  }

  /** A decision failed for a reason of the account's own, and is taken up again later. */
  failed(): void {
    this.counters.stopped('signal', 'account-failed');
  }

  private async order(signal: Signal, account: StoredAccount): Promise<string | undefined> {
    const existing = await this.orders.ofSignal(signal.id, account.id);
    if (existing) {
      await this.executor.advance(existing, account);
      return 'ordered';
    }
    if (!this.entries.isCurrent(signal)) return 'position-over';
    if (!(await this.entries.makeWay(signal, account))) return undefined;
    const order = await this.drafter.draft(signal, account);
    if (typeof order === 'string') return order;
    await this.executor.place(order, account);
    return 'ordered';
  }
}
