import { drawdown } from '../../portfolio/equity-measures';
import { equity, reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Fall of the equity from the highest it is known to have been. Closing orders stay allowed. */
export const drawdownRule: RiskRule = {
  name: 'drawdown',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxDrawdownPercent } = known(context.limits, 'the limits');
    const now = equity(context);
    const { peak, percent } = drawdown(now, known(context.equityPeak, 'the equity peak'));
    if (percent < maxDrawdownPercent) return undefined;
    return deny(
      'DRAWDOWN',
      `Equity ${now.toFixed(2)} is ${percent.toFixed(2)} % below its peak ${peak.toFixed(2)}, ${maxDrawdownPercent} % is the limit`,
      { equity: now.toNumber(), peak: peak.toNumber(), drawdownPercent: percent, maxDrawdownPercent },
      'maxDrawdownPercent',
    );
  },
};
