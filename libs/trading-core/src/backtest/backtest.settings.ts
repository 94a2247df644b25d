import type {
  ExitSettings,
  FeedName,
  FillAssumptions,
  Instrument,
  Product,
  Timeframe,
} from '@tickbridge/contracts';
import type { ChargeTable } from '../charges/charge-table';
import type { Currency } from '../instruments/feed-currency';
import type { ScopedLimits } from '../risk/effective-limits';
import type { Calendars } from '../sessions/calendars';

/** Capital a paper account starts with when nobody says otherwise. */
export const PAPER_CAPITAL: Readonly<Record<Currency, number>> = {
  INR: 1_000_000,
  USDT: 100_000,
  USD: 100_000,
};

export interface BacktestSettings {
  /** Feed the bars come from: it decides ids, calendar and instruments. */
  source: FeedName;
  /** Calendars with what people changed; the built-in ones by default. */
  calendars?: Calendars;
  /** Strategies in the order in which they see a bar, with changes against their defaults. */
  strategies: readonly {
    id: string;
    parameters: Readonly<Record<string, number>>;
    /** Length of its bars; absent: its default, or that of the data where it is longer. */
    timeframe?: Timeframe | undefined;
    /** Least expected move of its entries, as a multiple of the costs of their round trip; absent: the default. */
    leastEdge?: number | undefined;
    /** How its positions end; the default is the signal's own levels. */
    exits?: ExitSettings | undefined;
    /** What its positions are held as; absent: what each instrument offers first. */
    product?: Product | undefined;
  }[];
  accountId: string;
  capital: number;
  /** Limits as people would have set them. */
  limits?: readonly ScopedLimits[];
  fills?: FillAssumptions;
  /** What trades cost; without it the plan of accounts that name none, from the table of the platform. */
  charges?: { readonly table: ChargeTable; readonly plan: string };
  /** By symbol; without one, what comes with the platform. */
  instruments?: ReadonlyMap<string, Instrument>;
}
