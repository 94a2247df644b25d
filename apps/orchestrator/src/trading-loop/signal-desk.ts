import { Injectable } from '@nestjs/common';
import { type Signal, SUBJECTS } from '@tickbridge/contracts';
import { ServiceBus } from '@tickbridge/service-bootstrap';
import { SignalBuffer } from '@tickbridge/shared-cache';
import { AccountTraders } from '../traders/account-traders';
import { TradingFeeds } from '../market/trading-feeds';
import { CrashPoints } from '../crash-points/crash-points';
import { SignalRepository } from '../signals/signal.repository';

/** Life of a signal: stored, buffered, announced, handed to the accounts. Safe to repeat at every point. */
@Injectable()
export class SignalDesk {
  constructor(
    private readonly repository: SignalRepository,
    private readonly buffer: SignalBuffer,
    private readonly traders: AccountTraders,
    private readonly feeds: TradingFeeds,
    private readonly bus: ServiceBus,
    private readonly crash: CrashPoints,
  ) {}

  /**
   * Done when the signal is stored; in a replay when every account has decided, so that every run is the same.
   *
   * A live account decides in its own time: a slow broker must not hold up the others. Whatever a process leaves
   * undecided is taken up by the next.
   */
  async handle(signal: Signal): Promise<void> {
    await this.store(signal);
    const decided = this.traders.handle(signal);
    if (this.feeds.recorded) await decided;
    // A failure of an account is shown by its trader; the list of accounts is asked for again with the next signal.
    else decided.catch(() => undefined);
  }

  /** As `handle`, and done when every account has decided in any case. */
  async handleFully(signal: Signal): Promise<void> {
    await this.store(signal);
    await this.traders.handle(signal);
  }

  private async store(signal: Signal): Promise<void> {
    this.crash.reach('signal.store');
    const isNew = await this.repository.insert(signal);
    this.crash.reach('signal.stored');
    if (!isNew) return;
    await this.buffer.append(signal);
    this.bus.emit(SUBJECTS.signalCreated, signal);
  }
}
