import type { BrokerFacts, BrokerStatement, OrderSide } from '@tickbridge/contracts';
import type { BrokerOrderReport } from '@tickbridge/trading-core';
import type { Observable } from 'rxjs';
import type { StoredAccount } from '../accounts/account.repository';
import type { OrderRow } from '../rows/order.rows';

/** An order as the broker's books have it today. */
export interface BrokerOrder extends BrokerOrderReport {
  brokerOrderId: string;
  /** Our reference, where the broker carries one. */
  clientOrderId: string | null;
  symbol: string;
  side: OrderSide;
  quantity: number;
  limitPrice: number | null;
  /** Of stop orders; absent where the broker does not say. */
  triggerPrice?: number | null | undefined;
  /** When the broker took it (ms since 1970); `null` where it does not say. */
  placedAt: number | null;
  /** Charges by trade id, exact decimal text, where the broker names them. */
  fees: ReadonlyMap<string, string> | null;
  /** What a person should know of the entry and no rule uses; absent when nothing. */
  remark?: string | undefined;
}

/** An entry of the broker's books that could not be read. */
export interface UnreadableEntry {
  /** `null` where not even that can be read. */
  readonly brokerOrderId: string | null;
  /** For people. */
  readonly message: string;
}

/** What became of an order that was handed over. */
export type SubmitOutcome =
  | { kind: 'taken'; order: BrokerOrder }
  /** Proof that the broker did not take it and never will. */
  | { kind: 'refused'; code: string; message: string }
  /** Proof that the broker did not take it, for a reason that passes: it may be handed over again. */
  | { kind: 'held'; code: string; message: string }
  /** Nobody knows: time-out, cut connection, unreadable answer. Never handed over again; the books are searched. */
  | { kind: 'unknown'; evidence: string };

/** What became of a wish to change or cancel a resting order. */
export type ChangeOutcome =
  | { kind: 'done'; order: BrokerOrder }
  /** The broker will look; its books tell how it ended. */
  | { kind: 'requested' }
  | { kind: 'refused'; message: string }
  | { kind: 'unknown'; evidence: string };

/** What an order is changed to; without a trigger that of the order stays. */
export interface OrderTermsChange {
  quantity: number;
  limitPrice: number | null;
  triggerPrice?: number | null;
}

/** What a broker shows of a customer, in its own words. */
export type BrokerPages = Pick<BrokerStatement, 'positions' | 'holdings' | 'limits'>;

/** Whether orders can be handed over at the moment, and if not, why. */
export type Readiness = { ready: true } | { ready: false; code: string; message: string };

/** The broker's books cannot be read at the moment. */
export class BrokerUnreachableError extends Error {
  override readonly name = 'BrokerUnreachableError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Whoever carries out orders. What it did is read from its books; what it announces is only a hint to look. */
export abstract class Broker {
  abstract readonly name: StoredAccount['broker'];

  /** Accounts in whose books something has changed. */
  abstract readonly news$: Observable<{ accountId: string }>;

  /**
   * True when the books show everything the broker ever took, at once: an order that is not in them was never taken and
   * may be handed over again.
   */
  abstract readonly booksAreComplete: boolean;

  /** True when the books lie in the platform's PostgreSQL: they cannot hold what it has lost. */
  abstract readonly booksAreHere: boolean;

  /** True when a stop is to rest there while a position is open: it works on when this platform does not. */
  abstract readonly restsStops: boolean;

  /** The account is traded by this process from now on. */
  abstract begin(account: StoredAccount): Promise<void>;

  /** The account is no longer traded by this process. */
  abstract end(accountId: string): void;

  abstract readiness(account: StoredAccount): Promise<Readiness>;

  /** What the risk check is told of a real account's broker; `null` for a broker without tokens and networks. */
  async facts(_account: StoredAccount, _symbol: string): Promise<BrokerFacts | null> {
    return null;
  }

  /** Hands over an order that was approved and stored as Submitted. Never rejects. */
  abstract submit(order: OrderRow, account: StoredAccount): Promise<SubmitOutcome>;

  /** Never rejects. */
  abstract cancel(order: OrderRow, account: StoredAccount): Promise<ChangeOutcome>;

  /** Never rejects. */
  abstract modify(order: OrderRow, change: OrderTermsChange, account: StoredAccount): Promise<ChangeOutcome>;

  /**
   * What the broker says the account holds, by symbol; positive is long, zero is left out.
   *
   * @returns `null` where the broker cannot tell it in the ledger's terms: then it is not compared
   * @throws BrokerUnreachableError
   */
  async positions(_account: StoredAccount): Promise<ReadonlyMap<string, number> | null> {
    return null;
  }

  /**
   * What the broker shows of the account's customer, for people to look at; nothing is decided by it.
   *
   * @returns `null` where there is nothing to show
   * @throws BrokerUnreachableError
   */
  async pages(_account: StoredAccount): Promise<BrokerPages | null> {
    return null;
  }

  /** Entries that could not be read when the books were read last; an order that is not found may be one of them. */
  unreadable(_account: StoredAccount): readonly UnreadableEntry[] {
    return [];
  }

  /** Today's orders of the account, as far as they can be read. @throws BrokerUnreachableError */
  abstract orders(account: StoredAccount): Promise<readonly BrokerOrder[]>;
}
