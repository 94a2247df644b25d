import { Injectable, Logger } from '@nestjs/common';
import {
  type BrokerFacts,
  readinessSchema,
  type RiskCheckRequest,
  type RiskDecision,
  riskDecisionSchema,
  SUBJECTS,
  toIso,
  jsonAnswer,
} from '@tickbridge/contracts';
import { ServiceBus } from '@tickbridge/service-bootstrap';
import type { OrderRow } from '../rows/order.rows';
import { PipelineCounters } from '../pipeline-counters/pipeline-counters';
import { pause } from '../concurrency/pause';
import { RiskManagerAddress } from './risk-manager.address';
import { RiskQuestion } from './risk-question';

const BUS_TIMEOUT_MS = 1_000;
const HTTP_TIMEOUT_MS = 1_500;
/** After a silent bus HTTP is asked first for this long, so that an outage does not cost a second per order. */
const AVOID_BUS_MS = 5_000;
const RETRY_MS = 200;

/** Asks the risk-manager: over Redis, else over HTTP; without an answer the order is denied. */
@Injectable()
export class RiskGateway {
  private readonly logger = new Logger('RiskGateway');
  private avoidBusUntil = 0;

  constructor(
    private readonly question: RiskQuestion,
    private readonly bus: ServiceBus,
    private readonly address: RiskManagerAddress,
    private readonly counters: PipelineCounters,
  ) {}

  /**
   * Waits until the risk-manager answers and has the database it decides from.
   *
   * @returns false when it did not within the time (milliseconds) or `signal` ended the waiting
   */
  async whenReachable(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    while (!limit.aborted) {
      try {
        const answer = await fetch(`${this.address.url}/health/ready`, {
          headers: { authorization: `Bearer ${this.address.internalApiKey}` },
          signal: limit,
        });
        const { dependencies } = readinessSchema.parse(await jsonAnswer(answer));
        if (dependencies['postgresql']?.status === 'up') return true;
      } catch (error) {
        this.logger.debug(`risk-manager does not answer yet: ${String(error)}`);
      }
      await pause(RETRY_MS, limit);
    }
    return false;
  }

  /** @param broker what is known of a real account's broker; `null` for a paper account */
  async ask(order: OrderRow, broker: BrokerFacts | null): Promise<RiskDecision> {
    this.counters.received('risk');
    const decision = await this.decide({ ...this.question.about(order), broker });
    if (decision.approved) this.counters.passed('risk');
    else this.counters.stopped('risk', decision.code);
    return decision;
  }

  private async decide(request: RiskCheckRequest): Promise<RiskDecision> {
    const startedAt = performance.now();
    const reasons: string[] = [];
    for (const way of this.ways()) {
      try {
        return riskDecisionSchema.parse(await way(request));
      } catch (error) {
        reasons.push(error instanceof Error ? error.message : String(error));
      }
    }
    this.logger.warn(`risk-manager gave no answer: ${reasons.join('; ')}`);
    return {
      approved: false,
      code: 'RISK_UNREACHABLE',
      message: 'The risk-manager gave no answer, neither over Redis nor over HTTP',
      rule: null,
      figures: {},
      decidedAt: toIso(Date.now()),
      durationMs: performance.now() - startedAt,
    };
  }

  private ways() {
    const overBus = (request: RiskCheckRequest) => this.overBus(request);
    const overHttp = (request: RiskCheckRequest) => this.overHttp(request);
    return Date.now() < this.avoidBusUntil ? [overHttp, overBus] : [overBus, overHttp];
  }

  private async overBus(request: RiskCheckRequest): Promise<unknown> {
    try {
      return await this.bus.request(SUBJECTS.riskCheck, request, BUS_TIMEOUT_MS);
    } catch (error) {
      this.avoidBusUntil = Date.now() + AVOID_BUS_MS;
      throw error;
    }
  }

  private async overHttp(request: RiskCheckRequest): Promise<unknown> {
    const answer = await fetch(`${this.address.url}/api/v1/risk/check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.address.internalApiKey}` },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(HTTP_TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return jsonAnswer(answer);
  }
}
