import type { TradingState } from '@tickbridge/contracts';
import { whyNot, type LadderCommand } from './ladder-steps';

const ALL: readonly LadderCommand[] = ['start', 'stop', 'reduce', 'halt', 'flatten', 'reset'];

function offered(mode: TradingState['mode'], running: boolean): LadderCommand[] {
  const state = { mode, running, changedBy: 'a', reason: 'b', changedAt: '2026-01-05T03:45:00.000Z' };
  return ALL.filter((command) => whyNot(command, state) === null);
}

describe('steps of the kill ladder', () => {
  it.each([
    ['ACTIVE', true, ['stop', 'reduce', 'halt', 'flatten']],
    ['ACTIVE', false, ['start', 'reduce', 'halt', 'flatten']],
    ['REDUCING', true, ['stop', 'halt', 'flatten', 'reset']],
    ['HALTED', true, ['stop', 'flatten', 'reset']],
    ['HALTED', false, ['start', 'flatten', 'reset']],
    ['FLATTEN', true, ['stop', 'halt', 'flatten', 'reset']],
  ] as const)('from %s, running %s', (mode, running, expected) => {
    expect(offered(mode, running)).toEqual(expected);
  });

  it('are all offered while the state is not known', () => {
    expect(ALL.filter((command) => whyNot(command, null) === null)).toEqual(ALL);
  });
});
