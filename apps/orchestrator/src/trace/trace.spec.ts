import { PIPELINE_STAGES, type PipelineStage, type PipelineStageName } from '@tickbridge/contracts';
import { diagnose } from './diagnose';
import { PipelineCounters } from './pipeline-counters';

/** Stages through which everything passes up to the named one, which stops; nothing reaches those after it. */
function stoppedAt(name: PipelineStageName, reason: string | null): PipelineStage[] {
  const position = PIPELINE_STAGES.indexOf(name);
  return PIPELINE_STAGES.map((stage, index) => ({
    stage,
    received: index <= position ? 10 : 0,
    passed: index < position ? 10 : 0,
    lastAt: null,
    reason: index === position ? reason : null,
    stopped: {},
  }));
}

describe('the diagnosis', () => {
  it.each(PIPELINE_STAGES)('names the stage %s and its reason', (stage) => {
    const { blockedAt, diagnosis } = diagnose(stoppedAt(stage, 'because'));
    expect(blockedAt).toBe(stage);
    expect(diagnosis).toContain('because');
  });

  it('blames the feed when nothing came in at all', () => {
    const nothing = stoppedAt('feed', 'market-data is unreachable').map((stage) => ({
      ...stage,
      received: 0,
    }));
    expect(diagnose(nothing)).toEqual({
      blockedAt: 'feed',
      diagnosis: 'The vendor feed delivers no accepted tick: market-data is unreachable.',
    });
  });

  it('says that data reaches the end', () => {
    const flowing = stoppedAt('fill', null).map((stage) => ({ ...stage, passed: 10 }));
    expect(diagnose(flowing)).toEqual({
      blockedAt: null,
      diagnosis: 'Data reaches the end: 10 fills since the start.',
    });
  });

  it('tells a standstill of now from successes of before', () => {
    const flowing = stoppedAt('fill', null).map((stage) => ({ ...stage, passed: 10 }));
    expect(diagnose(flowing, { stage: 'risk', reason: 'RISK_UNREACHABLE' })).toEqual({
      blockedAt: 'risk',
      diagnosis: 'Risk stands still: RISK_UNREACHABLE.',
    });
  });
});

describe('the counters', () => {
  it('show what stopped last, and forget a standstill when something passes', () => {
    const counters = new PipelineCounters();
    counters.stopped('risk', 'A');
    counters.stopped('risk', 'A');
    counters.stopped('risk', 'B');
    expect(counters.stage('risk')).toMatchObject({ reason: 'B (1)', stopped: { A: 2, B: 1 } });
    expect(counters.stopping('risk')).toBe('B');
    counters.passed('risk');
    expect(counters.stopping('risk')).toBeNull();
  });
});
