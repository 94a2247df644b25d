import { Logger } from '@nestjs/common';
import type { FeedName, Signal } from '@tickbridge/contracts';
import { isDatabaseUnavailable, rootMessage } from '@tickbridge/database';
import { FencedOffError } from '../accounts/account-leases';
import { type StoredAccount } from '../accounts/account.repository';
import { type Broker, type BrokerOrder, BrokerUnreachableError } from '../brokers/broker';
import { retryWhileAway } from '../concurrency/retry-while-away';
import { SerialQueue } from '../concurrency/serial-queue';
import type { OrderRow } from '../rows/order.rows';
import type { TraderTools } from './trader-tools';

/** While orders are open the broker's books are looked at this often, news or not (milliseconds). */
const POLL_INTERVAL_MS = 3_000;
/** After a failed start this long passes until the next try (milliseconds). */
const RETRY_MS = 2_000;

/**
 * Trades one account: signals, reconciliation, held orders, one thing after the other.
 *
 * Each account has its own, so a slow or broken broker of one account holds up no other.
 */
export class AccountTrader {
  private readonly logger: Logger;
  private readonly queue = new SerialQueue();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private lookWanted = false;
  private ready = false;
  private blocked: string | null = 'the ledger has not been compared with the broker yet';

  constructor(
    private account: StoredAccount,
    private readonly broker: Broker,
    private readonly tools: TraderTools,
  ) {
    this.logger = new Logger(`Account ${account.id}`);
  }

  get id(): string {
    return this.account.id;
  }

  get feed(): FeedName {
    return this.account.feed;
  }

  get enabled(): boolean {
    return this.account.enabled;
  }

  /** Why no order goes out at the moment; `null` when nothing is in the way. */
  get blockedBy(): string | null {
    return this.blocked;
  }

  /** The ledger and the broker's books have been compared: orders may go out. */
  get isReady(): boolean {
    return this.ready;
  }

  /** Reconciles with the broker before the first order, finishes what was left undone, and goes on from there. */
  async begin(): Promise<void> {
    await this.queue.run(() => this.tryToBegin());
    this.timer = setInterval(() => this.wake(), POLL_INTERVAL_MS);
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.queue.idle();
    this.broker.end(this.account.id);
  }

  /** The account's settings have changed. */
  update(account: StoredAccount): void {
    this.account = account;
  }

  /**
   * Turns a signal into its order, after everything before it. Done when the outcome is stored.
   *
   * Before the books have been compared nothing is decided: the signal is taken up once they were.
   */
  async handle(signal: Signal): Promise<void> {
    await this.queue.run(async () => {
      if (this.ready && this.account.enabled && !this.stopping.signal.aborted)
        await this.guarded(() => this.tools.decisions.decide(signal, this.account));
    });
  }

  /** Runs something in the account's turn. @throws FencedOffError when the account is traded by somebody else by then */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    return this.queue.run(async () => {
      if (this.stopping.signal.aborted) throw new FencedOffError(this.id);
      return task();
    });
  }

  /** Books what the broker has just said of an order; called in the account's turn. */
  agree(order: OrderRow, entry: BrokerOrder): Promise<void> {
    return this.tools.reconciler.agree(order, this.account, entry);
  }

  /** Something has changed at the broker, or a token has come: looks soon. */
  wake(): void {
    if (this.lookWanted || this.stopping.signal.aborted) return;
    this.lookWanted = true;
    void this.queue.run(async () => {
      this.lookWanted = false;
      if (!this.ready) await this.tryToBegin();
      else await this.guarded(() => this.lookAround());
    });
  }

  /** Everything that was asked for up to now is done. */
  idle(): Promise<void> {
    return this.queue.idle();
  }

  private async tryToBegin(): Promise<void> {
    if (this.ready || this.stopping.signal.aborted) return;
    const began = await this.guarded(async () => {
      await this.tools.book.load();
      await this.broker.begin(this.account);
      const readiness = await this.broker.readiness(this.account);
      // A disarmed account still learns what became of its orders; without a token nobody can.
      await this.tools.reconciler.look(this.account);
      if (readiness.ready) await this.compareHoldings();
      this.blocked = readiness.ready ? null : `${readiness.message} (${readiness.code})`;
      return true;
    });
    if (began !== true) {
      const timer = setTimeout(() => this.wake(), RETRY_MS);
      timer.unref();
      return;
    }
    this.ready = true;
    await this.guarded(() => this.finishLeftovers());
  }

  /** Trading does not start on books that differ. */
  private async compareHoldings(): Promise<void> {
    const differences = await this.tools.reconciler.holdingDifferences(this.account);
    if (differences.length === 0) return;
    throw new Error(`holdings differ from the broker's (HOLDINGS_DIFFER): ${differences.join('; ')}`);
  }

  /** Orders that wait here, signals nobody has decided on, stops for what is held. */
  private async finishLeftovers(): Promise<void> {
    // What rests at the broker of a disabled account is watched; nothing new leaves.
    if (this.tools.recorded || !this.account.enabled) return;
    await this.tools.upkeep.advance(this.account);
  }

  private async lookAround(): Promise<void> {
    // A person may have told another orchestrator to change it.
    this.account = (await this.tools.accounts.find(this.id)) ?? this.account;
    const readiness = await this.broker.readiness(this.account);
    this.blocked = readiness.ready ? null : `${readiness.message} (${readiness.code})`;
    try {
      await this.tools.reconciler.look(this.account);
    } catch (error) {
      // Why the books of an account that is not ready cannot be read is known already.
      if (readiness.ready || !(error instanceof BrokerUnreachableError)) throw error;
    }
    await this.finishLeftovers();
  }

  /** Waits out a missing PostgreSQL; any other failure is this account's own and shown, not thrown. */
  private async guarded<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await retryWhileAway(
        async () => {
          try {
            return await action();
          } catch (error) {
            // Whether the last transaction was committed is unknown: only PostgreSQL knows what is held.
            if (isDatabaseUnavailable(error)) await this.tools.book.load();
            throw error;
          }
        },
        this.stopping.signal,
        (reason) => (this.blocked = `PostgreSQL is away: ${reason}`),
      );
    } catch (error) {
      if (this.stopping.signal.aborted || error instanceof FencedOffError) return undefined;
      const reason = rootMessage(error);
      if (reason !== this.blocked) this.logger.error(error instanceof Error ? error : new Error(reason));
      this.blocked = reason;
      this.tools.decisions.failed();
      return undefined;
    }
  }
}
