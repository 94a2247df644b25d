import { Injectable, Logger } from '@nestjs/common';
import { TradingFeeds } from '../feed/trading-feeds';
import { RiskGateway } from '../risk/risk-gateway';
import { SignalDesk } from '../signals/signal-desk';

const RISK_MANAGER_WAIT_MS = 30_000;

/** What comes between start-up and the first bar. */
@Injectable()
export class Recovery {
  private readonly logger = new Logger('Recovery');

  constructor(
    private readonly feeds: TradingFeeds,
    private readonly signals: SignalDesk,
    private readonly risk: RiskGateway,
  ) {}

  /**
   * Live: finishes what an earlier run left undone. A replay comes upon its unfinished bars again, with the market
   * they belong to; there recorded time stands still, so a risk-manager that is starting is waited for instead of
   * denying the first orders.
   */
  async run(stop: AbortSignal): Promise<void> {
    if (!this.feeds.recorded) await this.signals.resume();
    else if (!(await this.risk.whenReachable(RISK_MANAGER_WAIT_MS, stop))) {
      this.logger.warn('the risk-manager does not answer: every order will be denied until it does');
    }
  }
}
