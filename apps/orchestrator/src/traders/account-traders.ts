import { Injectable, Logger } from '@nestjs/common';
import type { FeedName, Signal } from '@tickbridge/contracts';
import { rootMessage } from '@tickbridge/database';
import { Subject, type Subscription } from 'rxjs';
import { AccountLeases } from '../accounts/account-leases';
import { AccountRepository, type StoredAccount } from '../accounts/account.repository';
import { Brokers } from '../brokers/brokers';
import { AccountTrader } from './account-trader';
import { TraderTools } from './trader-tools';

/** An account that could not be taken in hand is tried again after this long (milliseconds). */
const RETRY_MS = 2_000;

/** A trader for every account this process holds the lease of. */
@Injectable()
export class AccountTraders {
  /** A trader has begun: the account was another orchestrator's, or nobody's, before. */
  readonly began$ = new Subject<void>();
  private readonly logger = new Logger('Accounts');
  private readonly traders = new Map<string, AccountTrader>();
  /** Why an account could not be taken in hand, so that it is told once. */
  private readonly failures = new Map<string, string>();
  private stopped = false;
  private subscriptions: Subscription[] = [];
  /** Accounts change hands one after the other. */
  private following: Promise<void> = Promise.resolve();

  constructor(
    private readonly leases: AccountLeases,
    private readonly accounts: AccountRepository,
    private readonly brokers: Brokers,
    private readonly tools: TraderTools,
  ) {}

  /**
   * Takes the accounts that are free, and whatever becomes free later. Safe to repeat.
   *
   * A replay waits until they trade, so that every run acts on the first bar; a live account that is slow to begin, for
   * its broker's sake, holds up no other.
   */
  async start(): Promise<void> {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.subscriptions = [
      this.leases.changes$.subscribe(({ gained, lost }) => {
        this.following = this.following.then(() => this.follow(gained, lost));
      }),
      this.brokers.news$.subscribe(({ accountId }) => this.traders.get(accountId)?.wake()),
    ];
    await this.leases.start();
    if (this.tools.recorded) await this.following;
  }

  /** Finishes what is under way, then lets others take the accounts. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    await this.following;
    await Promise.all([...this.traders.values()].map((trader) => trader.end()));
    await this.leases.stop();
  }

  /** Takes what is free now instead of at the next look. Done when it is in hand here, or known to be elsewhere. */
  async takeFree(): Promise<void> {
    await this.leases.look();
    await this.following;
  }

  get all(): readonly AccountTrader[] {
    return [...this.traders.values()];
  }

  of(accountId: string): AccountTrader | undefined {
    return this.leases.holds(accountId) ? this.traders.get(accountId) : undefined;
  }

  /** Why nothing is traded at the moment; `null` when an account is. */
  get blockedBy(): string | null {
    const held = this.all.filter(({ id }) => this.leases.holds(id));
    if (held.length === 0) return this.leases.waitingFor() ?? 'there is no enabled account';
    const reasons = held.map(({ id, blockedBy }) => blockedBy && `${id}: ${blockedBy}`);
    return reasons.every((reason) => reason !== null) ? reasons.join('; ') : null;
  }

  /** True while an account of the feed is traded here. */
  tradesFeed(feed: FeedName): boolean {
    return this.all.some((trader) => trader.feed === feed && this.leases.holds(trader.id));
  }

  /** Hands a signal to the account it is meant for, else to every one that trades its feed. Done when each has decided. */
  async handle(signal: Signal): Promise<void> {
    const { source, accountId } = signal;
    const tradable = await this.accounts.tradable([source]);
    const followers = accountId === undefined ? tradable : tradable.filter(({ id }) => id === accountId);
    await Promise.all(
      followers.map(async (account) => {
        const trader = this.of(account.id);
        trader?.update(account);
        await trader?.handle(signal);
      }),
    );
  }

  /** An account's settings have changed. */
  update(account: StoredAccount): void {
    const trader = this.traders.get(account.id);
    trader?.update(account);
    trader?.wake();
  }

  /** An account has a new token. */
  wake(accountId: string): void {
    this.traders.get(accountId)?.wake();
  }

  async idle(): Promise<void> {
    await Promise.all(this.all.map((trader) => trader.idle()));
  }

  private async follow(gained: readonly string[], lost: readonly string[]): Promise<void> {
    for (const id of [...lost, ...gained]) {
      const trader = this.traders.get(id);
      this.traders.delete(id);
      await trader?.end();
    }
    const taken = await Promise.all(gained.map((id) => this.take(id)));
    const begun = Promise.all(
      taken.filter((trader) => trader !== undefined).map((trader) => this.begin(trader)),
    );
    if (this.tools.recorded) await begun;
  }

  private async take(id: string): Promise<AccountTrader | undefined> {
    try {
      const account = await this.accounts.find(id);
      if (!account) return undefined;
      const trader = new AccountTrader(account, this.brokers.of(account), this.tools);
      this.traders.set(id, trader);
      return trader;
    } catch (error) {
      this.failed(id, error);
      return undefined;
    }
  }

  private async begin(trader: AccountTrader): Promise<void> {
    try {
      await trader.begin();
      this.began$.next();
      this.failures.delete(trader.id);
    } catch (error) {
      this.failed(trader.id, error);
    }
  }

  private failed(id: string, error: unknown): void {
    const reason = rootMessage(error);
    if (this.failures.get(id) !== reason) this.logger.error(`account ${id} cannot be traded: ${reason}`);
    this.failures.set(id, reason);
    setTimeout(() => void this.takeAgain(id), RETRY_MS).unref();
  }

  private async takeAgain(id: string): Promise<void> {
    if (this.stopped || !this.leases.holds(id) || this.traders.has(id)) return;
    const trader = await this.take(id);
    if (trader) await this.begin(trader);
  }
}
