import type { OrderSide } from '@tickbridge/contracts';

/** An open position that a stop may protect. */
export interface ProtectedPosition {
  strategy: string;
  /** Id of the order that opened it: what belongs together carries it. */
  groupId: string;
  /** Positive is long, negative is short, never zero. */
  quantity: number;
  /**
   * Where it must be left, on the price grid; `null` where its settings give no such level, `undefined` while it cannot be
   * told.
   */
  stop: number | null | undefined;
  /** The newest price is at the stop or beyond it: a stop would be refused, or fill at once. */
  reached: boolean;
  endings: ProtectiveEndings;
}

/** How the position's protective orders ended that no longer work. */
export interface ProtectiveEndings {
  /** Refused, or ended by the broker unasked: so many in a row, counted back from the newest. */
  failures: number;
  /** When the newest failed or was denied (ms since 1970); `null` when it did neither. */
  failedAt: number | null;
  /** The newest was not let go by the risk check: that says nothing of the broker. */
  denied: boolean;
}

/** An order of the account in the symbol that may still fill, whether it was handed over or not. */
export interface SymbolOrder {
  id: string;
  strategy: string;
  side: OrderSide;
  remaining: number;
  /** It takes what the market offers at once: no price of its own keeps it waiting. */
  immediate: boolean;
  /** Absent: any other order than a protective stop. */
  stop?: RestingStop;
}

/** A protective stop as the ledger has it. */
export interface RestingStop {
  groupId: string;
  trigger: number;
  /** Of the whole order. */
  quantity: number;
  filled: number;
  /**
   * `resting`: at the broker. `changing`: a change of it was asked for. `unsettled`: whether the broker has it, or has it
   * still, is not known yet.
   */
  state: 'resting' | 'changing' | 'unsettled';
}

/** Everything about protection in one symbol of an account. */
export interface ProtectedSymbol {
  positions: readonly ProtectedPosition[];
  orders: readonly SymbolOrder[];
  /** ms since 1970. */
  now: number;
  /** Whether positions may be closed that no stop protects; a halted platform closes nothing. */
  mayClose: boolean;
}
