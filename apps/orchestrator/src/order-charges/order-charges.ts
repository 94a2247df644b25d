import { Injectable, Logger } from '@nestjs/common';
import type { Instrument, Product } from '@tickbridge/contracts';
import {
  accountChargeTerms,
  calendarOf,
  Calendars,
  ChargesUnknownError,
  ChargeTable,
  type ChargeTerms,
  UnknownChargePlanError,
} from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingFeeds } from '../market/trading-feeds';

/** What an order is charged by, and since when its day runs. */
export interface OrderTerms extends ChargeTerms {
  /** Start of the day on its market (ms since 1970): what is charged once a day counts from here. */
  readonly dayStart: number;
}

type ChargedAccount = Pick<StoredAccount, 'id' | 'feed' | 'currency' | 'chargePlan'>;

/** What orders of the accounts cost, by the table of charges. */
@Injectable()
export class OrderCharges {
  private readonly logger = new Logger('Charges');
  private readonly alarms = new Map<string, Set<string>>();

  constructor(
    private readonly feeds: TradingFeeds,
    private readonly table: ChargeTable,
    private readonly calendars: Calendars,
  ) {}

  /** What a person must look at: trades of the account whose charges nobody knows. */
  alarmsOf(accountId: string): string[] {
    return [...(this.alarms.get(accountId) ?? [])];
  }

  /** @throws ChargesUnknownError, UnknownChargePlanError */
  termsFor(account: ChargedAccount, instrument: Instrument, at: number, product: Product): OrderTerms {
    const { table, calendars } = this;
    const terms = accountChargeTerms({ table, calendars }, account, instrument, at, product);
    const { start } = calendars.of(instrument.calendar ?? calendarOf(account.feed)).tradingDay(at);
    return { ...terms, dayStart: start };
  }

  /** @returns `undefined` when they are not known: an alarm of the account names what is missing */
  async find(
    account: ChargedAccount,
    { symbol, product }: { symbol: string; product: Product },
    at: number,
  ): Promise<OrderTerms | undefined> {
    const instrument = await this.feeds.of(account.feed).instrumentOf(symbol);
    if (!instrument) return this.unknown(account.id, `charges of ${symbol} are not known: no list has it`);
    try {
      return this.termsFor(account, instrument, at, product);
    } catch (error) {
      if (!(error instanceof ChargesUnknownError || error instanceof UnknownChargePlanError)) throw error;
      return this.unknown(account.id, `charges of ${symbol} are not known: ${error.message}`);
    }
  }

  private unknown(accountId: string, message: string): undefined {
    const alarm = `${accountId}: ${message}`;
    const known = this.alarms.get(accountId) ?? new Set();
    if (!known.has(alarm)) this.logger.error(alarm);
    this.alarms.set(accountId, known.add(alarm));
    return undefined;
  }
}
