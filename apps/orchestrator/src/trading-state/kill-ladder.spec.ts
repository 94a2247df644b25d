import { type Ladder, step, type TradingCommandName } from './kill-ladder';

const at = (mode: Ladder['mode'], running = true): Ladder => ({ mode, running });

describe('the kill ladder', () => {
  it.each<[Ladder, TradingCommandName, Ladder | undefined]>([
    [at('ACTIVE'), 'stop', at('ACTIVE', false)],
    [at('ACTIVE', false), 'start', at('ACTIVE')],
    [at('ACTIVE'), 'reduce', at('REDUCING')],
    [at('REDUCING'), 'reduce', at('REDUCING')],
    [at('HALTED'), 'start', undefined],
    [at('HALTED'), 'reduce', undefined],
    [at('FLATTEN'), 'reduce', undefined],
    [at('ACTIVE'), 'halt', at('HALTED')],
    [at('FLATTEN'), 'halt', at('HALTED')],
    [at('HALTED'), 'flatten', at('FLATTEN')],
    [at('HALTED', false), 'reset', at('ACTIVE', false)],
    [at('REDUCING'), 'reset', at('ACTIVE')],
  ])('%j, %s: %j', (from, command, to) => {
    expect(step(from, command)).toEqual(to);
  });

  it.each(['start', 'stop', 'reduce', 'halt', 'flatten'] as const)(
    '%s never leads back to ACTIVE',
    (command) => {
      for (const mode of ['REDUCING', 'HALTED', 'FLATTEN'] as const) {
        expect(step(at(mode), command)?.mode).not.toBe('ACTIVE');
      }
    },
  );
});
