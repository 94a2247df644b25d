import type { RiskRule } from '../risk-rule';
import { accountEnabledRule } from './account-enabled.rule';
import { buyingPowerRule } from './buying-power.rule';
import { dailyLossRule } from './daily-loss.rule';
import { duplicateRule } from './duplicate.rule';
import { grossExposureRule } from './gross-exposure.rule';
import { inputRule } from './input.rule';
import { orderCountRule } from './order-count.rule';
import { orderSizeRule } from './order-size.rule';
import { priceCollarRule } from './price-collar.rule';
import { priceFreshRule } from './price-fresh.rule';
import { selfCrossRule } from './self-cross.rule';
import { sessionRule } from './session.rule';
import { symbolNotionalRule } from './symbol-notional.rule';
import { tradingStateRule } from './trading-state.rule';

/** All rules in the order in which they are asked; the first that denies decides. */
export const RISK_RULES: readonly RiskRule[] = [
  accountEnabledRule,
  tradingStateRule,
  sessionRule,
  inputRule,
  priceFreshRule,
  priceCollarRule,
  duplicateRule,
  selfCrossRule,
  orderSizeRule,
  symbolNotionalRule,
  grossExposureRule,
  buyingPowerRule,
  orderCountRule,
  dailyLossRule,
];
