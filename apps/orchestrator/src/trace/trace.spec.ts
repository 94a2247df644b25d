import { PIPELINE_STAGES, type PipelineStage, type PipelineStageName } from '@tickbridge/contracts';
import type { FeedStatus, FeedsStatus, MarketStatus } from '@tickbridge/contracts';
import { diagnose } from './diagnose';
import { feedStage, feedStandstill } from './feed-stage';
import { PipelineCounters } from '../pipeline-counters/pipeline-counters';

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

describe('the feeds', () => {
  const feed = (values: Partial<FeedStatus>) =>
    ({
      feed: 'truedata',
      connected: true,
      dataFlowing: true,
      state: 'connected',
      lastError: null,
      ticksAccepted: 10,
      rejected: { stale: 1 },
      lastTickAt: '2026-01-05T04:30:00.000Z',
      ...values,
    }) as FeedStatus;
  const status = (...feeds: FeedStatus[]) => ({ ...feeds[0], feeds }) as FeedsStatus;
  const silent = { dataFlowing: false };
  const closed = { state: 'closed', decidedBy: 'calendar', calendar: 'NSE' } as MarketStatus;

  it.each<[string, FeedsStatus, string | null]>([
    ['one delivers', status(feed({})), null],
    [
      'the market is closed',
      status(feed({ ...silent, marketStatus: closed })),
      'the market is closed by the calendar NSE',
    ],
    [
      'the clock of this machine is behind',
      status(feed({ ...silent, marketStatus: closed, clockOffsetMs: -8_000 })),
      "this machine's clock is about 8 s behind the vendor's",
    ],
    [
      'the login was refused',
      status(
        feed({
          ...silent,
          connected: false,
          state: 'stopped',
          lastError: 'login refused',
          marketStatus: closed,
        }),
      ),
      'the feed is stopped: login refused',
    ],
    ['one of two delivers', status(feed(silent), feed({ feed: 'binance' })), null],
    [
      'neither delivers',
      status(
        feed({ ...silent, marketStatus: closed }),
        feed({ ...silent, feed: 'binance', connected: false, state: 'waiting' }),
      ),
      'truedata: the market is closed by the calendar NSE; binance: the feed is waiting',
    ],
    ['a recording has ended', status(feed({ ...silent, state: 'finished' })), null],
  ])('stand still or not: %s', (_title, given, reason) => {
    expect(feedStandstill(given)).toBe(reason);
  });

  it('are added up, and one that is silent is named', () => {
    expect(feedStage({ status: status(feed(silent), feed({ feed: 'binance' })) })).toMatchObject({
      received: 22,
      passed: 20,
      reason: 'truedata: the feed is connected',
      stopped: { stale: 2 },
    });
  });
});
