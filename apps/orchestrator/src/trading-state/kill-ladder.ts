import type { TradingMode } from '@tickbridge/contracts';

export type TradingCommandName = 'start' | 'stop' | 'reduce' | 'halt' | 'flatten' | 'reset';

export interface Ladder {
  mode: TradingMode;
  running: boolean;
}

/**
 * Where a command leads. Steps of the ladder only go down; up leads `reset` alone.
 *
 * @returns `undefined` when the command would climb up
 */
export function step({ mode, running }: Ladder, command: TradingCommandName): Ladder | undefined {
  switch (command) {
    case 'start':
      // Strategies woken behind a latched ladder would trade the moment it is reset.
      return mode === 'ACTIVE' || mode === 'REDUCING' ? { mode, running: true } : undefined;
    case 'stop':
      return { mode, running: false };
    case 'reduce':
      return mode === 'ACTIVE' || mode === 'REDUCING' ? { mode: 'REDUCING', running } : undefined;
    case 'halt':
      return { mode: 'HALTED', running };
    case 'flatten':
      return { mode: 'FLATTEN', running };
    case 'reset':
      return { mode: 'ACTIVE', running };
  }
}
