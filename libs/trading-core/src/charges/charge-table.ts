import {
  type ChargeFile,
  type ChargeRate,
  type ChargeRounding,
  type ChargeSegment,
  type LeviesFile,
  type Product,
  type TariffFile,
} from '@tickbridge/contracts';
import type { Currency } from '../instruments/feed-currency';
import { builtInCharges } from './built-in-charges';
import { ChargesUnknownError, UnknownChargePlanError } from './charge.errors';
import { type ChargedInstrument, chargeSegmentOf } from './charge-segment';

/** The plan of accounts that name none: INR that of the platform's broker, so that paper rehearses what real costs. */
export const DEFAULT_CHARGE_PLAN: Readonly<Record<Currency, string>> = {
  INR: 'sharekhan/standard',
  USDT: 'binance/vip0',
  USD: 'alpaca/standard',
};

/** A charge as it counts on a day, with how it is rounded. */
export type ChargeTerm = Pick<
  ChargeRate,
  | 'item'
  | 'side'
  | 'rate'
  | 'makerRate'
  | 'perOrder'
  | 'perUnit'
  | 'perLot'
  | 'leastPerUnit'
  | 'mostPerOrder'
  | 'oncePerDay'
  | 'of'
  | 'noteRounding'
> & { readonly rounding: ChargeRounding };

/** All charges of an order in an instrument on a day. */
export interface ChargeTerms {
  readonly terms: readonly ChargeTerm[];
  /** Units of a lot; needed by charges per lot. */
  readonly lotSize: number | null;
}

/** What charges are looked up by. */
export interface ChargeQuestion {
  /** `zerodha/standard`. */
  readonly plan: string;
  readonly instrument: ChargedInstrument;
  readonly product: Product;
  /** The day of the trade in the zone of its market: `2026-11-20`. */
  readonly date: string;
}

interface Source {
  readonly rounding: ChargeRounding;
  readonly rates: readonly ChargeRate[];
}

/** The table of charges of a process: what comes with the platform, and what people put in its place. */
export class ChargeTable {
  private levies: readonly LeviesFile[] = [];
  private tariffs = new Map<string, { file: TariffFile; rates: readonly ChargeRate[] }>();

  constructor(private readonly base: readonly ChargeFile[] = builtInCharges()) {
    this.replaceFiles([]);
  }

  /** Files as they count now. */
  get files(): readonly ChargeFile[] {
    return [...this.levies, ...new Set([...this.tariffs.values()].map(({ file }) => file))];
  }

  /** Plans that accounts may choose, by what they are written as. */
  get plans(): readonly string[] {
    return [...this.tariffs.keys()];
  }

  /** Puts files of people in the place of those before; one with a known id replaces what comes with the platform. */
  replaceFiles(files: readonly ChargeFile[]): void {
    const byId = new Map([...this.base, ...files].map((file) => [file.id, file]));
    const wanted = [...byId.values()];
    this.levies = wanted.filter((file) => file.kind === 'levies');
    this.tariffs = new Map(
      wanted
        .filter((file) => file.kind === 'tariff')
        .flatMap((file) => file.plans.map(({ id, rates }) => [`${file.id}/${id}`, { file, rates }] as const)),
    );
  }

  /** @throws UnknownChargePlanError */
  assertPlan(plan: string): void {
    if (!this.tariffs.has(plan)) throw new UnknownChargePlanError(plan, this.plans);
  }

  /**
   * What an order is charged.
   *
   * @throws UnknownChargePlanError, and ChargesUnknownError naming what no row covers
   */
  termsOf({ plan, instrument, product, date }: ChargeQuestion): ChargeTerms {
    const segment = chargeSegmentOf(instrument);
    if (segment === undefined)
      throw new ChargesUnknownError(`an instrument that nobody trades (${instrument.assetClass})`);
    const where = `${segment} (${product}) on ${instrument.exchange} on ${date}`;
    const tariff = this.tariffOf(plan, instrument.exchange, where);
    if (ratesOf(tariff.rates, segment, product).length === 0)
      throw new ChargesUnknownError(`${plan} of ${where}`);
    const levied = this.levies.filter(({ exchanges }) => exchanges.includes(instrument.exchange));
    const terms = [tariff, ...levied].flatMap((source) => termsFrom(source, segment, product, date, where));
    if (instrument.quantityStep === null && terms.some(({ perLot }) => perLot !== undefined)) {
      throw new ChargesUnknownError(`the lot of ${where}`);
    }
    return { terms, lotSize: instrument.quantityStep };
  }

  private tariffOf(plan: string, exchange: string, where: string): Source {
    const found = this.tariffs.get(plan);
    if (!found) throw new UnknownChargePlanError(plan, this.plans);
    if (!found.file.exchanges.includes(exchange)) throw new ChargesUnknownError(`${plan} of ${where}`);
    return { rounding: found.file.rounding, rates: found.rates };
  }
}

/** The rows of a day; an item that has rows, and none of that day, is not known. */
function termsFrom(
  { rounding, rates }: Source,
  segment: ChargeSegment,
  product: Product,
  date: string,
  where: string,
): ChargeTerm[] {
  const rows = ratesOf(rates, segment, product);
  const covering = rows.filter(({ from, to }) => from <= date && (to === null || date <= to));
  const covered = new Set(covering.map(({ item }) => item));
  const missing = rows.find(({ item }) => !covered.has(item));
  if (missing) throw new ChargesUnknownError(`${missing.item} of ${where}`);
  return covering.map((row) => ({ ...row, rounding }));
}

function ratesOf(rates: readonly ChargeRate[], segment: ChargeSegment, product: Product): ChargeRate[] {
  return rates.filter(({ segments, products }) => segments.includes(segment) && products.includes(product));
}
