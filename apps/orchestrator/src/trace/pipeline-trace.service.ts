import { Injectable } from '@nestjs/common';
import type { PipelineStage, PipelineTrace } from '@tickbridge/contracts';
import { LiveMarketData } from '@tickbridge/shared-cache';
import { TradingLoop } from '../trading-loop/trading-loop';
import { TradingStateService } from '../trading-state/trading-state.service';
import { diagnose, type Standstill } from './diagnose';
import { feedStage, feedStandstill } from './feed-stage';
import { type FeedAnswer, FeedStatusClient } from './feed-status.client';
import { PipelineCounters } from '../pipeline-counters/pipeline-counters';

/** Frames come at least twice a second; after this long without one nothing arrives any more. */
const REPLICA_SILENT_MS = 3_000;

const OWN_STAGES = ['bars', 'strategy', 'signal', 'risk', 'order', 'fill'] as const;

/** Where data stops between feed and fill, and why. */
@Injectable()
export class PipelineTraceService {
  constructor(
    private readonly feed: FeedStatusClient,
    private readonly live: LiveMarketData,
    private readonly counters: PipelineCounters,
    private readonly loop: TradingLoop,
    private readonly trading: TradingStateService,
  ) {}

  async trace(): Promise<PipelineTrace> {
    const answer = await this.feed.status();
    const own = OWN_STAGES.map((name) => this.counters.stage(name));
    const [bars] = own;
    if (bars && this.loop.blockedBy !== null) bars.reason = this.loop.blockedBy;
    const stages = [feedStage(answer), this.publishStage(answer), this.replicaStage(), ...own];
    return { stages, ...diagnose(stages, this.standstill(answer)) };
  }

  /** What stops everything at the moment, however far data got before. */
  private standstill(answer: FeedAnswer): Standstill | null {
    if (this.loop.blockedBy !== null) return { stage: 'bars', reason: this.loop.blockedBy };
    const { updatedAt } = this.live.status();
    const silent = updatedAt !== null && Date.now() - Date.parse(updatedAt) > REPLICA_SILENT_MS;
    if ('status' in answer) {
      const reason = feedStandstill(answer.status);
      if (reason !== null) return { stage: 'feed', reason };
    } else if (silent) return { stage: 'feed', reason: answer.unreachable };
    if (silent) return { stage: 'replica', reason: this.live.health().detail ?? 'no frame arrives' };
    const { mode, running } = this.trading.current ?? { mode: 'ACTIVE', running: true };
    if (mode === 'HALTED' || mode === 'FLATTEN') return { stage: 'strategy', reason: `trading is ${mode}` };
    if (!running) return { stage: 'strategy', reason: 'trading is stopped' };
    const reason = this.counters.stopping('risk');
    return reason === 'RISK_UNREACHABLE' ? { stage: 'risk', reason } : null;
  }

  /** What market-data accepted goes out in frames; how far they got is read off the newest one that arrived. */
  private publishStage(answer: FeedAnswer): PipelineStage {
    const { sequence, updatedAt } = this.live.status();
    const accepted = feedStage(answer).passed;
    const reason = 'unreachable' in answer ? answer.unreachable : null;
    return { stage: 'publish', received: accepted, passed: sequence, lastAt: updatedAt, reason, stopped: {} };
  }

  private replicaStage(): PipelineStage {
    const { framesApplied, updatedAt, gaps, barsLost } = this.live.status();
    const { status, detail } = this.live.health();
    const stopped = { ...(gaps > 0 && { 'frame-gap': gaps }), ...(barsLost > 0 && { 'bar-lost': barsLost }) };
    return {
      stage: 'replica',
      received: framesApplied + gaps,
      passed: framesApplied,
      lastAt: updatedAt,
      reason: status === 'up' ? null : (detail ?? null),
      stopped,
    };
  }
}
