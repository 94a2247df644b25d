import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { rootMessage } from '@tickbridge/database';
import type { Subscription } from 'rxjs';
import { AccountLeases } from '../accounts/account-leases';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import { AccountValuer } from './account-valuer';
import { EquityRepository, type EquitySample, WHOLE_ACCOUNT } from './equity.repository';
import { PositionBook } from '../positions/position-book';

/** While something is held, its equity is measured this often (milliseconds). */
const SAMPLE_MS = 10_000;
/** Fills so close together are measured together, and none delays the answer to its order (milliseconds). */
const GATHER_MS = 100;
/** Samples that may wait while PostgreSQL is away; beyond, the oldest go. */
const MAX_WAITING = 5_000;

/** Measures the equity of the accounts traded here: after every fill, and regularly while something is held. */
@Injectable()
export class EquitySampler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('EquitySampler');
  private waiting: EquitySample[] = [];
  /** Strategies with fills that are not measured yet, by account. */
  private readonly filled = new Map<string, Set<string>>();
  private gathering: NodeJS.Timeout | undefined;
  private timer: NodeJS.Timeout | undefined;
  private fills: Subscription | undefined;
  private storing: Promise<void> | undefined;
  private lastProblem: string | null = null;

  constructor(
    private readonly book: PositionBook,
    private readonly valuer: AccountValuer,
    private readonly samples: EquityRepository,
    private readonly leases: AccountLeases,
    private readonly clock: TradingClock,
    private readonly feeds: TradingFeeds,
  ) {}

  onApplicationBootstrap(): void {
    this.fills = this.book.changes$.subscribe(({ accountId, strategy }) => {
      this.filled.set(accountId, (this.filled.get(accountId) ?? new Set()).add(strategy));
      // The clock and the prices of a recording do not wait.
      if (this.feeds.recorded) this.measureFills();
      else this.gathering ??= setTimeout(() => this.measureFills(), GATHER_MS);
    });
    this.timer = setInterval(() => void this.sample(), SAMPLE_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.fills?.unsubscribe();
    this.measureFills();
    await this.storing;
  }

  /** Measures every account traded here that holds something, and stores what waits. */
  async sample(): Promise<void> {
    for (const accountId of this.leases.held) {
      const strategies = new Set(this.book.open(accountId).map(({ strategy }) => strategy));
      if (strategies.size > 0) this.measure(accountId, [...strategies]);
    }
    await this.store();
  }

  private measureFills(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    if (this.filled.size === 0) return;
    for (const [accountId, strategies] of this.filled) this.measure(accountId, [...strategies]);
    this.filled.clear();
    void this.store();
  }

  private measure(accountId: string, strategies: readonly string[]): void {
    const at = this.clock.now();
    const start = this.book.capitalOf(accountId);
    const paidIn = this.book.paidIn(accountId);
    const whole = this.valuer.account(accountId, this.book.cashBesideFills(accountId));
    // Something held has no price: no figure is better than a wrong one.
    if (whole) this.waiting.push({ ...whole, accountId, strategy: WHOLE_ACCOUNT, at, start, paidIn });
    for (const strategy of strategies) {
      const value = this.valuer.strategy(accountId, strategy);
      if (value) this.waiting.push({ ...value, accountId, strategy, at, start: '0', paidIn: '0' });
    }
    if (this.waiting.length > MAX_WAITING) this.waiting = this.waiting.slice(-MAX_WAITING);
  }

  private store(): Promise<void> {
    this.storing ??= this.drain().finally(() => (this.storing = undefined));
    return this.storing;
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        await this.samples.add(batch);
        this.lastProblem = null;
      } catch (error) {
        this.waiting = [...batch, ...this.waiting].slice(-MAX_WAITING);
        const problem = rootMessage(error);
        if (problem !== this.lastProblem) this.logger.warn(`equity not stored, kept for later: ${problem}`);
        this.lastProblem = problem;
        return;
      }
    }
  }
}
