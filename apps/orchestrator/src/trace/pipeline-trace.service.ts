import { Injectable } from '@nestjs/common';
import type { PipelineStage, PipelineTrace } from '@tickbridge/contracts';
import { LiveMarketData } from '@tickbridge/shared-cache';
import { TradingLoop } from '../loop/trading-loop';
import { diagnose } from './diagnose';
import { type FeedAnswer, FeedStatusClient } from './feed-status.client';
import { PipelineCounters } from './pipeline-counters';

const OWN_STAGES = ['bars', 'strategy', 'signal', 'risk', 'order', 'fill'] as const;

/** Where data stops between feed and fill, and why. */
@Injectable()
export class PipelineTraceService {
  constructor(
    private readonly feed: FeedStatusClient,
    private readonly live: LiveMarketData,
    private readonly counters: PipelineCounters,
    private readonly loop: TradingLoop,
  ) {}

  async trace(): Promise<PipelineTrace> {
    const answer = await this.feed.status();
    const own = OWN_STAGES.map((name) => this.counters.stage(name));
    const [bars] = own;
    if (bars && this.loop.blockedBy !== null) bars.reason = this.loop.blockedBy;
    const stages = [feedStage(answer), this.publishStage(answer), this.replicaStage(), ...own];
    return { stages, ...diagnose(stages, this.standstill()) };
  }

  private standstill() {
    if (this.loop.blockedBy !== null) return { stage: 'bars', reason: this.loop.blockedBy } as const;
    const reason = this.counters.stopping('risk');
    return reason === 'RISK_UNREACHABLE' ? ({ stage: 'risk', reason } as const) : null;
  }

  /** What market-data accepted goes out in frames; how far they got is read off the newest one that arrived. */
  private publishStage(answer: FeedAnswer): PipelineStage {
    const { sequence, updatedAt } = this.live.status();
    const accepted = 'status' in answer ? answer.status.ticksAccepted : 0;
    const reason = 'unreachable' in answer ? answer.unreachable : null;
    return { stage: 'publish', received: accepted, passed: sequence, lastAt: updatedAt, reason, stopped: {} };
  }

  private replicaStage(): PipelineStage {
    const { sequence, framesApplied, updatedAt, gaps, barsLost } = this.live.status();
    const { status, detail } = this.live.health();
    const stopped = { ...(gaps > 0 && { 'frame-gap': gaps }), ...(barsLost > 0 && { 'bar-lost': barsLost }) };
    return {
      stage: 'replica',
      received: sequence,
      passed: framesApplied,
      lastAt: updatedAt,
      reason: status === 'up' ? null : (detail ?? null),
      stopped,
    };
  }
}

function feedStage(answer: FeedAnswer): PipelineStage {
  if ('unreachable' in answer) {
    return { stage: 'feed', received: 0, passed: 0, lastAt: null, reason: answer.unreachable, stopped: {} };
  }
  const { ticksAccepted, rejected, lastTickAt, dataFlowing, state, lastError } = answer.status;
  const rejections = Object.values(rejected).reduce((sum, count) => sum + count, 0);
  const reason = dataFlowing ? null : `the feed is ${state}${lastError === null ? '' : `: ${lastError}`}`;
  return {
    stage: 'feed',
    received: ticksAccepted + rejections,
    passed: ticksAccepted,
    lastAt: lastTickAt,
    reason,
    stopped: rejected,
  };
}
