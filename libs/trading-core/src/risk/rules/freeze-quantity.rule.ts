import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** The exchange freezes larger orders, exits included: they have to be sent in pieces. */
export const freezeQuantityRule: RiskRule = {
  name: 'freeze-quantity',
  check({ order: { quantity }, limits, instrument }) {
    const ofExchange = instrument?.freezeQuantity ?? Infinity;
    const ofLimits = known(limits, 'the limits').freezeQuantity;
    const freezeQuantity = Math.min(ofLimits, ofExchange);
    if (quantity <= freezeQuantity) return undefined;
    return deny(
      'FREEZE_QUANTITY',
      `Quantity ${quantity} exceeds the freeze quantity ${freezeQuantity}`,
      { quantity, freezeQuantity },
      ofLimits <= ofExchange ? 'freezeQuantity' : undefined,
    );
  },
};
