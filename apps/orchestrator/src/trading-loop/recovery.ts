import { Injectable, Logger } from '@nestjs/common';
import { AccountTraders } from '../traders/account-traders';
import { TradingFeeds } from '../market/trading-feeds';
import { Outbox } from '../orders/outbox';
import { RiskGateway } from '../risk/risk-gateway';

const RISK_MANAGER_WAIT_MS = 30_000;

/** What comes between start-up and the first bar. */
@Injectable()
export class Recovery {
  private readonly logger = new Logger('Recovery');

  constructor(
    private readonly feeds: TradingFeeds,
    private readonly outbox: Outbox,
    private readonly traders: AccountTraders,
    private readonly risk: RiskGateway,
  ) {}

  /**
   * Tells what an earlier run could not tell, and takes the accounts: each finishes what was left undone. A replay comes
   * upon its unfinished bars again, with the market they belong to; there recorded time stands still, so a risk-manager
   * that is starting is waited for instead of denying the first orders.
   */
  async run(stop: AbortSignal): Promise<void> {
    await this.outbox.tellLeftovers();
    if (this.feeds.recorded && !(await this.risk.whenReachable(RISK_MANAGER_WAIT_MS, stop))) {
      this.logger.warn('the risk-manager does not answer: every order will be denied until it does');
    }
    await this.traders.start();
  }

  /** Accounts finish what is under way; then others may take them. */
  async stop(): Promise<void> {
    await this.traders.stop();
  }
}
