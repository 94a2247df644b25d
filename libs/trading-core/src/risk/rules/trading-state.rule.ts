import { reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Kill ladder: HALTED lets nothing through; REDUCING, FLATTEN and a stopped platform only what closes positions. */
export const tradingStateRule: RiskRule = {
  name: 'trading-state',
  check(context) {
    const { mode, running } = known(context.tradingState, 'the trading state');
    if (mode === 'HALTED') return deny('TRADING_HALTED', 'Trading is halted', { mode });
    if (mode === 'ACTIVE' && running) return undefined;
    if (reducesExposure(context)) return undefined;
    return mode === 'ACTIVE'
      ? deny('TRADING_STOPPED', 'Trading is stopped; only orders that close a position may go', { mode })
      : deny('TRADING_REDUCING', `Trading is ${mode}; only orders that close a position may go`, { mode });
  },
};
