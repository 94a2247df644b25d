import type { MarketUpdate, Quote } from './market-update';
import { LARGEST_FIGURE, SMALLEST_PRICE } from './quote-fields';
import type { RejectionReason } from './rejection';

/** Whether the figures of an update are figures a market can have. @returns `null` when they are */
export function judgeValues(update: MarketUpdate): RejectionReason | null {
  if (update.kind !== 'quote') {
    const reason = judgePrice(update.price) ?? judgeQuantity(update.quantity);
    if (reason !== null) return reason;
  }
  return update.quote === undefined ? null : judgeQuote(update.quote);
}

function judgePrice(price: number): RejectionReason | null {
  if (!Number.isFinite(price)) return 'not-a-number';
  if (price === 0) return 'zero-price';
  if (Math.abs(price) > LARGEST_FIGURE || Math.abs(price) < SMALLEST_PRICE) return 'malformed';
  return price < 0 ? 'negative-price' : null;
}

function judgeQuantity(quantity: number | null): RejectionReason | null {
  if (quantity === null) return null;
  if (!Number.isFinite(quantity)) return 'not-a-number';
  if (quantity > LARGEST_FIGURE) return 'malformed';
  return quantity < 0 ? 'negative-quantity' : null;
}

function judgeQuote(quote: Quote): RejectionReason | null {
  for (const price of [quote.bid, quote.ask]) {
    const reason = price === null ? null : judgePrice(price);
    if (reason !== null) return reason;
  }
  return judgeQuantity(quote.bidQuantity) ?? judgeQuantity(quote.askQuantity);
}
