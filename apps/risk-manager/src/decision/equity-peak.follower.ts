import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { accounts, Database, equityPeaks, equitySamples, rootMessage } from '@tickbridge/database';
import { sql } from 'drizzle-orm';

/** Equity is measured every ten seconds while something is held; a peak is known this much later at most (ms). */
const POLL_INTERVAL_MS = 10_000;

/**
 * Raises the peaks with the equity that the orchestrator measures between decisions.
 *
 * Only what was measured after the present peak was reached, or set by a person, counts: a reset is not undone by what
 * lies before it. Replays are left out: when something is measured there depends on the speed of the machine, and a
 * replay gives the same orders on every run.
 */
@Injectable()
export class EquityPeakFollower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('EquityPeaks');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private lastProblem: string | null = null;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look()).catch((error: unknown) => this.note(error));
    }, POLL_INTERVAL_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** One look at all accounts, in one statement. */
  async look(): Promise<void> {
    await this.database.orm.execute(sql`
      insert into ${equityPeaks} as known (account_id, peak, reached_at)
      select distinct on (account.id) account.id, sample.equity - sample.paid_in, sample.at
      from ${accounts} account
      left join ${equityPeaks} peak on peak.account_id = account.id
      join ${equitySamples} sample on sample.account_id = account.id and sample.strategy = ''
        and sample.at > coalesce(peak.reached_at, '-infinity')
        and sample.equity - sample.paid_in > coalesce(peak.peak, account.capital)
      where account.feed <> 'replay'
      order by account.id, sample.equity - sample.paid_in desc, sample.at
      on conflict (account_id) do update set peak = excluded.peak, reached_at = excluded.reached_at
        where known.peak < excluded.peak and known.reached_at < excluded.reached_at`);
    this.lastProblem = null;
  }

  private note(error: unknown): void {
    const problem = rootMessage(error);
    if (problem !== this.lastProblem) this.logger.warn(`equity peaks not followed: ${problem}`);
    this.lastProblem = problem;
  }
}
