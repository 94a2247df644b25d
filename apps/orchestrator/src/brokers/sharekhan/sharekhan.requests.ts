import type { OrderRow } from '../../rows/order.rows';
import { EXCHANGE, type ShareKhanProductType } from './sharekhan.options';

type Wish = Pick<
  OrderRow,
  'symbol' | 'product' | 'side' | 'quantity' | 'limitPrice' | 'triggerPrice' | 'timeInForce'
>;

/** Who places an order, of which instrument, and what intraday orders are sent as. */
interface Terms {
  scripCode: number;
  customerId: string;
  intraday: ShareKhanProductType;
}

/** Body of a NEW order. A price of "0" means at the market, a trigger of "0" none. */
export function newOrder(order: Wish, terms: Terms) {
  return { ...changedOrder(order, terms), requestType: 'NEW', rmsCode: 'ANY' };
}

/** The fields that MODIFY and CANCEL repeat; they add the order's id and its own `rmsCode`. */
export function changedOrder(order: Wish, { scripCode, customerId, intraday }: Terms) {
  return {
    customerId,
    scripCode,
    tradingSymbol: order.symbol,
    exchange: EXCHANGE,
    transactionType: order.side === 'BUY' ? 'B' : 'S',
    quantity: order.quantity,
    disclosedQty: 0,
    price: priceText(order.limitPrice),
    triggerPrice: priceText(order.triggerPrice),
    afterHour: 'N',
    orderType: 'NORMAL',
    channelUser: customerId,
    validity: order.timeInForce === 'IOC' ? 'IOC' : 'GFD',
    productType: order.product === 'intraday' ? intraday : 'INVESTMENT',
  };
}

/** `149.5`, in whole paise and without an exponent. */
function priceText(price: number | null): string {
  return price === null ? '0' : String(Number(price.toFixed(2)));
}
