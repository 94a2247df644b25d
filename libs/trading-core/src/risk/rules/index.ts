import type { RiskRule } from '../risk-rule';
import { accountEnabledRule } from './account-enabled.rule';
import { brokerListingRule } from './broker-listing.rule';
import { brokerReadyRule } from './broker-ready.rule';
import { buyingPowerRule } from './buying-power.rule';
import { dailyLossRule } from './daily-loss.rule';
import { drawdownRule } from './drawdown.rule';
import { duplicateRule } from './duplicate.rule';
import { exchangeSizeRule } from './exchange-size.rule';
import { exitPauseRule } from './exit-pause.rule';
import { freezeQuantityRule } from './freeze-quantity.rule';
import { grossExposureRule } from './gross-exposure.rule';
import { inputRule } from './input.rule';
import { instrumentRule } from './instrument.rule';
import { losingStreakRule } from './losing-streak.rule';
import { lotAndTickRule } from './lot-and-tick.rule';
import { marketQuoteRule } from './market-quote.rule';
import { netExposureRule } from './net-exposure.rule';
import { oppositePositionRule } from './opposite-position.rule';
import { orderCountRule } from './order-count.rule';
import { orderSizeRule } from './order-size.rule';
import { positionQuantityRule } from './position-quantity.rule';
import { priceBandRule } from './price-band.rule';
import { priceCollarRule } from './price-collar.rule';
import { priceFreshRule } from './price-fresh.rule';
import { productRule } from './product.rule';
import { reduceOnlyRule } from './reduce-only.rule';
import { selfCrossRule } from './self-cross.rule';
import { sessionRule } from './session.rule';
import { shortSaleRule } from './short-sale.rule';
import { strategyCapitalRule } from './strategy-capital.rule';
import { submitRateRule } from './submit-rate.rule';
import { symbolNotionalRule } from './symbol-notional.rule';
import { tradedTodayRule } from './traded-today.rule';
import { tradingStateRule } from './trading-state.rule';
import { triggerRule } from './trigger.rule';

/**
 * What a protective stop is asked: whether it may go at all, only reduces and is one the exchange takes. It is far from the
 * price, and needs none; a limit that would hold it back would hold the position open.
 */
export const PROTECTIVE_RULES: readonly RiskRule[] = [
  accountEnabledRule,
  brokerReadyRule,
  tradingStateRule,
  reduceOnlyRule,
  sessionRule,
  inputRule,
  lotAndTickRule,
  brokerListingRule,
  exchangeSizeRule,
  freezeQuantityRule,
  productRule,
  duplicateRule,
];

/** All rules in the order in which they are asked; the first that denies decides. */
export const RISK_RULES: readonly RiskRule[] = [
  accountEnabledRule,
  brokerReadyRule,
  tradingStateRule,
  reduceOnlyRule,
  instrumentRule,
  sessionRule,
  inputRule,
  lotAndTickRule,
  brokerListingRule,
  exchangeSizeRule,
  freezeQuantityRule,
  productRule,
  shortSaleRule,
  oppositePositionRule,
  priceBandRule,
  priceFreshRule,
  tradedTodayRule,
  marketQuoteRule,
  triggerRule,
  priceCollarRule,
  duplicateRule,
  exitPauseRule,
  selfCrossRule,
  orderSizeRule,
  positionQuantityRule,
  symbolNotionalRule,
  strategyCapitalRule,
  grossExposureRule,
  netExposureRule,
  buyingPowerRule,
  orderCountRule,
  submitRateRule,
  dailyLossRule,
  drawdownRule,
  losingStreakRule,
];
