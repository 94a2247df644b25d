import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { rootMessage } from '@tickbridge/database';
import { AccountLeases } from '../accounts/account-leases';
import { AccountRepository } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { EquityRepository } from './equity.repository';
import { TradingDays } from './trading-days';

const POLL_INTERVAL_MS = 10_000;
const THIN_EVERY_MS = 3_600_000;

/** Ends trading days and thins old samples, for the accounts traded here. What fails is tried again with the next look. */
@Injectable()
export class DayRoll implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('DayRoll');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private thinnedAt = Number.NEGATIVE_INFINITY;
  private lastProblem: string | null = null;

  constructor(
    private readonly days: TradingDays,
    private readonly samples: EquityRepository,
    private readonly accounts: AccountRepository,
    private readonly leases: AccountLeases,
    private readonly clock: TradingClock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look()).catch((error: unknown) => this.note(error));
    }, POLL_INTERVAL_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    const held = this.leases.held;
    if (held.length === 0) return;
    for (const account of await this.accounts.tradable()) {
      if (held.includes(account.id)) await this.days.roll(account);
    }
    if (performance.now() - this.thinnedAt < THIN_EVERY_MS) return;
    this.thinnedAt = performance.now();
    const gone = await this.samples.thin(held, this.clock.now());
    if (gone > 0) this.logger.log(`${gone} old equity samples thinned out`);
    this.lastProblem = null;
  }

  private note(error: unknown): void {
    const problem = rootMessage(error);
    if (problem !== this.lastProblem) this.logger.warn(`trading days not rolled: ${problem}`);
    this.lastProblem = problem;
  }
}
