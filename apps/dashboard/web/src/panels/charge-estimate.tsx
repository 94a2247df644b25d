import type { EndpointRequest, Order, Product } from '@tickbridge/contracts';
import { labelOf } from '../format/label';
import { formatMoney, formatPercent } from '../format/numbers';
import { usePolled } from '../live/use-polled';
import { useSettled } from '../live/use-settled';

/** The last price moves: without a price of its own an order's value does too (milliseconds). */
const READ_EVERY_MS = 10_000;
const TYPING_MS = 300;

interface ChargeEstimateProps {
  account: string;
  symbol: string;
  side: Order['side'];
  /** Absent: as usual. */
  product: Product | undefined;
  /** As typed. */
  quantity: string;
  /** As typed; absent where the market decides. */
  price: string | undefined;
}

/** Value and charges of the order in the form, before it is placed. */
export function ChargeEstimate(props: ChargeEstimateProps) {
  const asked = useSettled(JSON.stringify(questionOf(props)), TYPING_MS);
  const question = JSON.parse(asked) as EndpointRequest<'GET /api/v1/charges/estimate'> | null;
  const { data, error } = usePolled('GET /api/v1/charges/estimate', question, READ_EVERY_MS);
  if (question === null) return null;
  if (error !== null) return <p className="estimate cell--soft">Charges: {error}</p>;
  if (data === null) return null;
  const { currency, charges } = data;
  return (
    <details className="estimate">
      <summary>
        Value {formatMoney(data.value)} {currency}, charges {formatMoney(data.total)}; there and back{' '}
        {formatMoney(data.roundTrip)} ({formatPercent(data.roundTripPercent).replace('+', '')})
      </summary>
      <table className="table table--plain">
        <tbody>
          {Object.entries(charges).map(([item, amount]) => (
            <tr key={item}>
              <td className="cell--text">{labelOf(item.replaceAll('-', ' '))}</td>
              <td>{formatMoney(amount)}</td>
            </tr>
          ))}
          <tr>
            <td className="cell--text cell--soft">
              By the plan {data.chargePlan}, {data.product}
            </td>
            <td>{formatMoney(data.total)}</td>
          </tr>
        </tbody>
      </table>
    </details>
  );
}

/** What is asked for; `null` while the form does not say enough. */
function questionOf({ account, symbol, side, product, quantity, price }: ChargeEstimateProps) {
  const units = Number(quantity);
  if (account === '' || symbol === '' || !(units > 0)) return null;
  if (price !== undefined && !(Number(price) > 0)) return null;
  return {
    query: {
      account,
      symbol,
      side,
      quantity: units,
      ...(product !== undefined && { product }),
      ...(price !== undefined && { price: Number(price) }),
    },
  };
}
