import { Injectable, Logger } from '@nestjs/common';
import { type RiskCheckRequest, type RiskDecision, toIso } from '@tickbridge/contracts';
import { rootMessage } from '@tickbridge/database';
import { decide, type RiskVerdict } from '@tickbridge/trading-core';
import { EquityPeakWatch } from './equity-peak.watch';
import { RiskFacts } from './risk-facts';
import { RiskMetrics } from './risk.metrics';

/** May this order go? Always answers; what cannot be found out denies. */
@Injectable()
export class RiskCheckService {
  private readonly logger = new Logger('RiskCheck');

  constructor(
    private readonly facts: RiskFacts,
    private readonly peaks: EquityPeakWatch,
    private readonly metrics: RiskMetrics,
  ) {}

  async check(request: RiskCheckRequest): Promise<RiskDecision> {
    const startedAt = performance.now();
    const verdict = await this.judge(request);
    const durationMs = Math.round((performance.now() - startedAt) * 1_000) / 1_000;
    this.metrics.count(verdict.code, durationMs);
    return { ...verdict, decidedAt: toIso(Date.now()), durationMs };
  }

  private async judge(request: RiskCheckRequest): Promise<RiskVerdict> {
    try {
      const context = await this.facts.gather(request);
      const verdict = decide(context);
      this.peaks.observe(context);
      return verdict;
    } catch (error) {
      this.logger.warn(`facts could not be gathered, denied: ${rootMessage(error)}`);
      return {
        approved: false,
        code: 'NO_DATA',
        message: 'Denied because positions, orders and limits could not be read',
        rule: 'facts',
        figures: {},
        limit: null,
      };
    }
  }
}
