import { Injectable } from '@nestjs/common';
import { type PipelineStage, type PipelineStageName, toIso } from '@tickbridge/contracts';

interface Counts {
  received: number;
  passed: number;
  lastAt: number | null;
  stopped: Map<string, number>;
  /** What stopped here last, and whether anything has passed since. */
  lastStop: { reason: string; passedSince: boolean } | undefined;
}

/** What went into each stage of this process, what came out, and what stopped there; since the start. */
@Injectable()
export class PipelineCounters {
  private readonly stages = new Map<PipelineStageName, Counts>();

  received(stage: PipelineStageName): void {
    this.of(stage).received += 1;
  }

  passed(stage: PipelineStageName): void {
    const counts = this.of(stage);
    counts.passed += 1;
    counts.lastAt = Date.now();
    if (counts.lastStop) counts.lastStop.passedSince = true;
  }

  /** @param reason short and stable: `stale-bar`, `RISK_UNREACHABLE` */
  stopped(stage: PipelineStageName, reason: string): void {
    const counts = this.of(stage);
    counts.stopped.set(reason, (counts.stopped.get(reason) ?? 0) + 1);
    counts.lastStop = { reason, passedSince: false };
  }

  /** Why nothing has passed a stage since something stopped there; `null` when the last one passed. */
  stopping(stage: PipelineStageName): string | null {
    const { lastStop } = this.of(stage);
    return lastStop && !lastStop.passedSince ? lastStop.reason : null;
  }

  /** The stage as the trace shows it, with what stopped last as the reason. */
  stage(name: PipelineStageName): PipelineStage {
    const { received, passed, lastAt, stopped, lastStop } = this.of(name);
    return {
      stage: name,
      received,
      passed,
      lastAt: lastAt === null ? null : toIso(lastAt),
      reason: lastStop ? `${lastStop.reason} (${stopped.get(lastStop.reason)})` : null,
      stopped: Object.fromEntries(stopped),
    };
  }

  private of(stage: PipelineStageName): Counts {
    let counts = this.stages.get(stage);
    if (!counts) {
      counts = { received: 0, passed: 0, lastAt: null, stopped: new Map(), lastStop: undefined };
      this.stages.set(stage, counts);
    }
    return counts;
  }
}
