import type { TradingState } from '@tickbridge/contracts';

export type LadderCommand = 'start' | 'stop' | 'reduce' | 'halt' | 'flatten' | 'reset';

/**
 * Why a step makes no sense in a state; `null` when it does. While the state is not known every step is offered:
 * the way to a halt must not depend on what this page can see.
 */
export function whyNot(command: LadderCommand, state: TradingState | null): string | null {
  if (state === null) return null;
  const { mode, running } = state;
  switch (command) {
    case 'start':
      return running ? 'Strategies already run.' : null;
    case 'stop':
      return running ? null : 'Strategies are already stopped.';
    case 'reduce':
      return mode === 'ACTIVE'
        ? null
        : `Trading is ${mode} and allows no more than that; only a reset leads up.`;
    case 'halt':
      return mode === 'HALTED' ? 'Trading is already halted.' : null;
    case 'flatten':
      // From HALTED too: positions may still be open. While it runs, asking again helps when it is stuck.
      return null;
    case 'reset':
      return mode === 'ACTIVE' ? 'Nothing is latched.' : null;
  }
}
