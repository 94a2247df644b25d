import type { AssetClass, OrderSide } from '@tickbridge/contracts';
import { money, type Money } from '../money/money';

/** Charges on a trade, in the currency of its value. */
export type FeeSchedule = (side: OrderSide, value: Money) => Money;

/** Rates as fractions of the traded value. Checked against the exchange's and the state's lists of October 2024. */
export const NSE_INTRADAY_RATES = {
  /** Discount broker: 0.03 %, at most 20 rupees an order. */
  brokerage: '0.0003',
  maxBrokerage: '20',
  /** Securities transaction tax, on the sale only. */
  transactionTaxOnSale: '0.00025',
  exchangeCharge: '0.0000297',
  regulatorCharge: '0.000001',
  /** On the purchase only. */
  stampDutyOnPurchase: '0.00003',
  /** Goods and services tax on brokerage, exchange and regulator charges. */
  serviceTax: '0.18',
} as const;

/** Taker fee of Binance spot without discounts. */
export const CRYPTO_TAKER_RATE = '0.001';

const PAISE = 2;
const CRYPTO_DECIMALS = 8;

/** Intraday equity trade on NSE, rounded to paise. */
export const nseIntradayFees: FeeSchedule = (side, value) => {
  const rates = NSE_INTRADAY_RATES;
  const proportional = value.times(rates.brokerage);
  const brokerage = proportional.gt(rates.maxBrokerage) ? money(rates.maxBrokerage) : proportional;
  const charges = value.times(money(rates.exchangeCharge).plus(rates.regulatorCharge));
  const duty = value.times(side === 'BUY' ? rates.stampDutyOnPurchase : rates.transactionTaxOnSale);
  return brokerage.plus(charges).times(money(1).plus(rates.serviceTax)).plus(duty).toDecimalPlaces(PAISE);
};

/** Spot trade at the taker rate, charged in the quote currency. */
export const cryptoTakerFees: FeeSchedule = (_side, value) =>
  value.times(CRYPTO_TAKER_RATE).toDecimalPlaces(CRYPTO_DECIMALS);

export function feeSchedule(assetClass: AssetClass): FeeSchedule {
  return assetClass === 'crypto' ? cryptoTakerFees : nseIntradayFees;
}
