import { Injectable } from '@nestjs/common';
import { type PipelineStage, type PipelineStageName, toIso } from '@tickbridge/contracts';

interface Counts {
  received: number;
  passed: number;
  lastAt: number | null;
  stopped: Map<string, number>;
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
  }

  /** @param reason short and stable: `stale-bar`, `RISK_UNREACHABLE` */
  stopped(stage: PipelineStageName, reason: string): void {
    const { stopped } = this.of(stage);
    stopped.set(reason, (stopped.get(reason) ?? 0) + 1);
  }

  /** The stage as the trace shows it, with what stopped most as the reason. */
  stage(name: PipelineStageName): PipelineStage {
    const { received, passed, lastAt, stopped } = this.of(name);
    const [most] = [...stopped].sort(([, left], [, right]) => right - left);
    return {
      stage: name,
      received,
      passed,
      lastAt: lastAt === null ? null : toIso(lastAt),
      reason: most ? `${most[0]} (${most[1]})` : null,
      stopped: Object.fromEntries(stopped),
    };
  }

  private of(stage: PipelineStageName): Counts {
    let counts = this.stages.get(stage);
    if (!counts) {
      counts = { received: 0, passed: 0, lastAt: null, stopped: new Map() };
      this.stages.set(stage, counts);
    }
    return counts;
  }
}
