import {
  type Account,
  type Instrument,
  type ManualOrder,
  type Order,
  type OrderType,
  priceStep,
  type Product,
} from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { formatCount, formatPrice } from '../format/numbers';
import { send } from '../live/api';
import { useLive } from '../live/use-live';
import { useSubmit } from '../live/use-submit';
import { AccountSelect } from '../parts/account-select';
import { Badge } from '../parts/badge';
import { Field } from '../parts/field';
import { Panel } from '../parts/panel';
import { Refusal } from '../parts/refusal';
import { ChargeEstimate } from './charge-estimate';
import { ExitFields, exitsOf } from './exit-fields';
import { ORDER_TONES } from './orders-table';

const TYPES: readonly (readonly [OrderType, string])[] = [
  ['MARKET', 'Market'],
  ['LIMIT', 'Limit'],
  ['STOP', 'Stop'],
  ['STOP_LIMIT', 'Stop-limit'],
];

const PRODUCTS: Readonly<Record<Product, string>> = {
  delivery: 'Delivery: owned, stays over night',
  intraday: 'Intraday: closed before the session ends',
  margin: 'Margin: may be sold short',
  spot: 'Spot: owned',
};

type Confirmed = Pick<Partial<ManualOrder>, 'repeat' | 'marketable'>;

/** Answers that ask a person, and what is sent when the person says yes. */
const QUESTIONS: Readonly<Record<string, { label: string; confirmed: Confirmed }>> = {
  IDENTICAL_ORDER: { label: 'Place it again', confirmed: { repeat: true } },
  STOP_MARKETABLE: { label: 'Place it at once', confirmed: { marketable: true } },
};

const EMPTY = {
  symbol: '',
  quantity: '',
  limitPrice: '',
  triggerPrice: '',
  stopLoss: '',
  takeProfit: '',
  reason: '',
};

interface PlaceOrderFormProps {
  accounts: readonly Account[];
  onPlaced: () => void;
}

/**
 * An order of a person. The same click twice, or an answer that was lost, gives one order; the form is empty afterwards, and
 * the same order a moment later is asked about.
 */
export function PlaceOrderForm({ accounts, onPlaced }: PlaceOrderFormProps) {
  const symbols = useLive((live) => live.symbols);
  const { busy, problem, code, messageFor, submit } = useSubmit();
  const [account, setAccount] = useState<string | null>(null);
  const [side, setSide] = useState<Order['side']>('BUY');
  const [type, setType] = useState<OrderType>('MARKET');
  const [timeInForce, setTimeInForce] = useState<Order['timeInForce']>('DAY');
  const [product, setProduct] = useState<Product | ''>('');
  const [text, setText] = useState(EMPTY);
  const [requestId, setRequestId] = useState(() => crypto.randomUUID());
  const [given, setGiven] = useState<Confirmed>({});
  const [placed, setPlaced] = useState<Order | null>(null);
  const question = code === null ? undefined : QUESTIONS[code];
  const hasLimit = type === 'LIMIT' || type === 'STOP_LIMIT';
  const hasTrigger = type === 'STOP' || type === 'STOP_LIMIT';
  const symbol = text.symbol.trim().toUpperCase();
  const quote = useLive(({ quotes }) => quotes.get(symbol));
  const instrument = useLive(({ instruments }) => instruments.get(symbol));
  const exits = exitsOf(text);
  const accountId = account ?? accounts[0]?.id ?? '';
  const offered = instrument?.products ?? [];
  /** What was chosen for another instrument may not be offered for this one. */
  const chosen = product !== '' && offered.includes(product) ? product : undefined;

  /** Something else is asked for: it is another order. */
  const edit = (change: Partial<typeof EMPTY>) => {
    setText({ ...text, ...change });
    setRequestId(crypto.randomUUID());
  };

  const place = async (confirmed: Confirmed = {}) => {
    if (exits === undefined) return;
    const body = {
      requestId,
      accountId,
      symbol,
      side,
      type,
      timeInForce,
      quantity: Number(text.quantity),
      limitPrice: hasLimit ? Number(text.limitPrice) : null,
      triggerPrice: hasTrigger ? Number(text.triggerPrice) : null,
      ...exits,
      reason: text.reason.trim(),
      ...(chosen !== undefined && { product: chosen }),
      ...confirmed,
    };
    setGiven(confirmed);
    // What became of an earlier order must not stand beside this one.
    setPlaced(null);
    const done = await submit(async () => setPlaced(await send('POST /api/v1/orders', { body })));
    if (!done) return;
    setRequestId(crypto.randomUUID());
    setText(EMPTY);
    onPlaced();
  };

  return (
    <Panel title="New order" area="form">
      <form
        className="settings"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void place();
        }}
        noValidate
      >
        <Field label="Account" message={messageFor('accountId')}>
          <AccountSelect accounts={accounts} value={accountId} onChange={setAccount} />
        </Field>
        <Field
          label="Symbol"
          message={messageFor('symbol')}
          hint={
            quote === undefined
              ? undefined
              : `last ${formatPrice(quote.lastPrice, instrument?.priceDecimals)}`
          }
        >
          <input
            value={text.symbol}
            list="known-symbols"
            onChange={(event) => edit({ symbol: event.target.value })}
          />
        </Field>
        <datalist id="known-symbols">
          {symbols.map((known) => (
            <option key={known} value={known} />
          ))}
        </datalist>
        <div className="segments segments--wide" role="group" aria-label="Side">
          {(['BUY', 'SELL'] as const).map((one) => (
            <button
              key={one}
              type="button"
              className={`side--${one}`}
              aria-pressed={side === one}
              onClick={() => setSide(one)}
            >
              {one}
            </button>
          ))}
        </div>
        <div className="segments segments--wide" role="group" aria-label="Type">
          {TYPES.map(([one, title]) => (
            <button key={one} type="button" aria-pressed={type === one} onClick={() => setType(one)}>
              {title}
            </button>
          ))}
        </div>
        <Field label="Quantity" message={messageFor('quantity')} hint={quantityHint(instrument)}>
          <input
            inputMode="decimal"
            value={text.quantity}
            onChange={(event) => edit({ quantity: event.target.value })}
          />
        </Field>
        {hasTrigger && (
          <Field
            label="Trigger price"
            message={messageFor('triggerPrice')}
            hint={priceHint(instrument, quote?.lastPrice)}
          >
            <input
              inputMode="decimal"
              value={text.triggerPrice}
              onChange={(event) => edit({ triggerPrice: event.target.value })}
            />
          </Field>
        )}
        {hasLimit && (
          <Field
            label="Limit price"
            message={messageFor('limitPrice')}
            hint={priceHint(instrument, quote?.lastPrice)}
          >
            <input
              inputMode="decimal"
              value={text.limitPrice}
              onChange={(event) => edit({ limitPrice: event.target.value })}
            />
          </Field>
        )}
        <ExitFields text={text} messageFor={messageFor} onChange={edit} />
        {offered.length > 1 && (
          <Field label="Held as" message={messageFor('product')}>
            <select
              value={chosen ?? ''}
              onChange={(event) => {
                setProduct(event.target.value as Product | '');
                setRequestId(crypto.randomUUID());
              }}
            >
              <option value="">as what is held already, else as usual</option>
              {offered.map((one) => (
                <option key={one} value={one}>
                  {PRODUCTS[one]}
                </option>
              ))}
            </select>
          </Field>
        )}
        <ChargeEstimate
          product={chosen}
          account={accountId}
          symbol={symbol}
          side={side}
          quantity={text.quantity}
          price={hasLimit ? text.limitPrice : hasTrigger ? text.triggerPrice : undefined}
        />
        <Field label="Works">
          <select
            value={timeInForce}
            onChange={(event) => setTimeInForce(event.target.value as Order['timeInForce'])}
          >
            <option value="DAY">to the end of the session</option>
            <option value="IOC">at once, the rest canceled</option>
          </select>
        </Field>
        <Field label="Reason, kept in the audit trail" message={messageFor('reason')}>
          <input
            value={text.reason}
            maxLength={500}
            onChange={(event) => edit({ reason: event.target.value })}
          />
        </Field>
        <Refusal problem={question === undefined ? problem : asked(problem)} />
        {placed !== null && problem === null && (
          <p className="placed" role="status">
            <Badge tone={ORDER_TONES[placed.status]}>{placed.status}</Badge> {placed.side} {placed.quantity}{' '}
            {placed.symbol}
            {placed.rejection !== null && `: ${placed.rejection.message}`}
          </p>
        )}
        <div className="settings__actions">
          {question !== undefined && (
            <button
              type="button"
              className="button"
              disabled={busy}
              onClick={() => void place({ ...given, ...question.confirmed })}
            >
              {question.label}
            </button>
          )}
          <button
            type="submit"
            className={`button ${side === 'BUY' ? 'button--primary' : 'button--grave-solid'}`}
            disabled={
              busy ||
              exits === undefined ||
              symbol === '' ||
              text.quantity.trim() === '' ||
              text.reason.trim() === ''
            }
          >
            {side === 'BUY' ? 'Buy' : 'Sell'} {symbol}
          </button>
        </div>
      </form>
    </Panel>
  );
}

/** What quantities of an instrument have to look like; `undefined` while it is not known. */
function quantityHint(instrument: Instrument | undefined): string | undefined {
  if (!instrument || instrument.quantityStep === null) return undefined;
  const { quantityStep, minNotional, currency } = instrument;
  const lot = `lot ${formatCount(quantityStep)}`;
  return minNotional === null
    ? lot
    : `${lot}, worth at least ${formatCount(minNotional)} ${currency ?? ''}`.trim();
}

/** The step of prices near the last one. */
function priceHint(instrument: Instrument | undefined, lastPrice: number | undefined): string | undefined {
  const step = instrument && lastPrice !== undefined ? priceStep(instrument, lastPrice) : undefined;
  return step === undefined ? undefined : `price step ${formatCount(step)}`;
}

/** The question without the hint for scripts. */
function asked(problem: string | null): string | null {
  return problem?.replace(/ Then send it.*$/, '') ?? null;
}
