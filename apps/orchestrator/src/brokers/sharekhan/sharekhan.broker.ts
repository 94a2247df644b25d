import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { BrokerFacts } from '@tickbridge/contracts';
import { isDatabaseUnavailable, rootMessage } from '@tickbridge/database';
import { Subject, type Subscription } from 'rxjs';
import type { StoredAccount } from '../../accounts/account.repository';
import type { OrderRow } from '../../rows/order.rows';
import { AccountTokens, type BrokerAccess, isAccess } from '../../tokens/account-tokens';
import {
  Broker,
  type BrokerOrder,
  type BrokerPages,
  BrokerUnreachableError,
  type ChangeOutcome,
  type OrderTermsChange,
  type Readiness,
  type SubmitOutcome,
  type UnreadableEntry,
} from '../broker';
import { BooksUnavailableError, ShareKhanBooks } from './sharekhan.books';
import { type Reply, ShareKhanClient } from './sharekhan.client';
import { MasterUnavailableError, ShareKhanInstruments } from './sharekhan.instruments';
import { MisreadReports } from './misread-reports';
import { ShareKhanMetrics } from './sharekhan.metrics';
import { ShareKhanOptions } from './sharekhan.options';
import { changedOrder, newOrder } from './sharekhan.requests';
import { type DayReport, readOrderAnswer, type ReportRow, statusOf, toBrokerOrder } from './sharekhan.rows';
import { ShareKhanStream } from './sharekhan.stream';

/** How the last call went; without a call for this long it says nothing about now (milliseconds). */
const CONTACT_MS = 60_000;
const TOKEN_REJECTED = { code: 'TOKEN_REJECTED', message: 'ShareKhan refused the token: log in again' };

interface Contact {
  reached: boolean;
  /** On the steady clock. */
  at: number;
  message: string;
}

/**
 * Real orders at ShareKhan.
 *
 * There is no reference of ours in ShareKhan's books. Whatever leaves the outcome of a call open is therefore answered
 * with `unknown`, and the day report is searched before anything else happens to the order.
 */
@Injectable()
export class ShareKhanBroker extends Broker implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly name = 'sharekhan' as const;
  readonly news$ = new Subject<{ accountId: string }>();
  /** An order that timed out may appear in the day report a moment later. */
  readonly booksAreComplete = false;
  readonly booksAreHere = false;
  readonly restsStops = true;
  private readonly logger = new Logger('ShareKhan');
  private readonly streams = new Map<string, ShareKhanStream>();
  private readonly contacts = new Map<string, Contact>();
  private readonly misread: MisreadReports;
  private subscription: Subscription | undefined;

  constructor(
    private readonly options: ShareKhanOptions,
    private readonly client: ShareKhanClient,
    private readonly books: ShareKhanBooks,
    private readonly instruments: ShareKhanInstruments,
    private readonly tokens: AccountTokens,
    private readonly metrics: ShareKhanMetrics,
  ) {
    super();
    this.misread = new MisreadReports(metrics);
  }

  onApplicationBootstrap(): void {
    this.subscription = this.tokens.changes$.subscribe(({ accountId }) => {
      this.contacts.delete(accountId);
      this.streams.get(accountId)?.retry();
      this.news$.next({ accountId });
    });
  }

  onApplicationShutdown(): void {
    this.subscription?.unsubscribe();
    for (const stream of this.streams.values()) stream.close();
  }

  override async begin({ id }: StoredAccount): Promise<void> {
    this.end(id);
    const stream = new ShareKhanStream({
      accountId: id,
      url: this.options.streamUrl,
      access: () => this.accessOf(id),
      onNews: (heard) => {
        if (heard) this.metrics.heard();
        this.news$.next({ accountId: id });
      },
      onDenied: (access) => void this.quietly(() => this.tokens.refused(id, access)),
    });
    this.streams.set(id, stream);
    stream.retry();
  }

  override end(accountId: string): void {
    this.streams.get(accountId)?.close();
    this.streams.delete(accountId);
    this.contacts.delete(accountId);
  }

  override async readiness({ id, armed }: StoredAccount): Promise<Readiness> {
    if (!armed) {
      const message = 'The account is not armed for real orders: PATCH /api/v1/accounts/:id {"armed": true}';
      return { ready: false, code: 'NOT_ARMED', message };
    }
    const access = await this.tokens.access(id);
    if (!isAccess(access)) return { ready: false, ...access };
    return (await this.isReached(id, access)) ? { ready: true } : this.whyNot(id);
  }

  override async facts({ id }: StoredAccount, symbol: string): Promise<BrokerFacts> {
    const { state } = await this.tokens.status(id);
    const listing = await this.instruments.knownListing(symbol);
    return {
      token: state,
      reachable: this.contacts.get(id)?.reached ?? null,
      listing: listing && { lotSize: listing.lotSize, tickSize: listing.tickSize },
    };
  }

  override async submit(order: OrderRow, account: StoredAccount): Promise<SubmitOutcome> {
    this.metrics.orderReceived();
    const prepared = await this.prepare(order, account);
    if ('kind' in prepared) return prepared;
    const { access, body } = prepared;
    const reply = await this.client.call({
      operation: 'new',
      path: '/skapi/services/orders',
      body,
      token: access.token,
    });
    const outcome = await this.outcomeOf(reply, order, account.id, access);
    if (outcome.kind === 'taken') this.metrics.orderTaken();
    if (outcome.kind === 'taken' || outcome.kind === 'unknown') this.news$.next({ accountId: account.id });
    return outcome;
  }

  override cancel(order: OrderRow, account: StoredAccount): Promise<ChangeOutcome> {
    return this.change(order, account, 'CANCEL', {
      quantity: order.quantity,
      limitPrice: order.limitPrice,
    });
  }

  override modify(order: OrderRow, change: OrderTermsChange, account: StoredAccount): Promise<ChangeOutcome> {
    return this.change(order, account, 'MODIFY', change);
  }

  override async orders({ id }: StoredAccount): Promise<readonly BrokerOrder[]> {
    return (await this.report(id, await this.mustAccess(id))).rows.map(toBrokerOrder);
  }

  override unreadable({ id }: StoredAccount): readonly UnreadableEntry[] {
    return this.misread.of(id);
  }

  override async pages({ id }: StoredAccount): Promise<BrokerPages> {
    const access = await this.mustAccess(id);
    try {
      return await this.books.pages(access);
    } catch (error) {
      // A page that cannot be read says nothing about orders; a refused token does.
      if (error instanceof BooksUnavailableError && error.reply.kind === 'denied') {
        await this.quietly(() => this.tokens.refused(id, access));
      }
      throw error;
    }
  }

  /** Everything that has to be known before the order leaves; nothing has left when this ends otherwise. */
  private terms(scripCode: number, { customerId }: BrokerAccess) {
    return { scripCode, customerId, intraday: this.options.intradayProductType };
  }

  private async prepare(
    order: OrderRow,
    { id }: StoredAccount,
  ): Promise<{ access: BrokerAccess; body: object } | SubmitOutcome> {
    try {
      const access = await this.tokens.access(id);
      if (!isAccess(access)) return { kind: 'held', ...access };
      const scripCode = await this.scripCode(order.symbol, id, access);
      if (scripCode === undefined) {
        const message = `ShareKhan does not list ${order.symbol} today`;
        return { kind: 'refused', code: 'INSTRUMENT_UNKNOWN', message };
      }
      return { access, body: newOrder(order, this.terms(scripCode, access)) };
    } catch (error) {
      if (error instanceof BrokerUnreachableError) {
        return { kind: 'held', code: error.code, message: error.message };
      }
      const code = isDatabaseUnavailable(error) ? 'DATABASE_UNAVAILABLE' : 'NOT_PREPARED';
      return { kind: 'held', code, message: rootMessage(error) };
    }
  }

  private async outcomeOf(
    reply: Reply,
    order: OrderRow,
    accountId: string,
    access: BrokerAccess,
  ): Promise<SubmitOutcome> {
    this.noteContact(accountId, reply);
    switch (reply.kind) {
      case 'denied':
        await this.quietly(() => this.tokens.refused(accountId, access));
        return { kind: 'held', ...TOKEN_REJECTED };
      case 'not-now':
        return { kind: 'held', code: reply.code, message: reply.message };
      case 'refused':
        return { kind: 'refused', code: 'BROKER_REFUSED', message: reply.message };
      case 'unknown':
        return reply;
      case 'answer': {
        const answer = readOrderAnswer(reply.data);
        if (answer === undefined)
          return { kind: 'unknown', evidence: `an answer without an order id: ${reply.message}` };
        if ('refusal' in answer) return { kind: 'refused', code: 'BROKER_REFUSED', message: answer.refusal };
        return { kind: 'taken', order: justTaken(order, answer.orderId) };
      }
    }
  }

  /** Never rejects. Whether a change was made is read from the books, which say it for sure. */
  private async change(
    order: OrderRow,
    { id }: StoredAccount,
    requestType: 'MODIFY' | 'CANCEL',
    change: OrderTermsChange,
  ): Promise<ChangeOutcome> {
    try {
      const access = await this.tokens.access(id);
      if (!isAccess(access)) return { kind: 'refused', message: `${access.message} (${access.code})` };
      const row = await this.rowOf(order, id, access);
      if (row === undefined) return { kind: 'refused', message: 'The day report does not show the order' };
      if (statusOf(row) !== 'working')
        return { kind: 'refused', message: `At ShareKhan it is ${row.orderStatus}` };
      const scripCode = row.scripCode ?? (await this.scripCode(order.symbol, id, access));
      if (scripCode === undefined) return { kind: 'refused', message: `${order.symbol} is not listed` };
      const reply = await this.client.call({
        operation: requestType.toLowerCase(),
        path: '/skapi/services/orders',
        token: access.token,
        body: {
          ...changedOrder({ ...order, ...change }, this.terms(scripCode, access)),
          requestType,
          orderId: row.orderId,
          rmsCode: row.rmsCode ?? 'ANY',
        },
      });
      this.noteContact(id, reply);
      return await this.changeOutcome(reply, order, id, access, requestType, change);
    } catch (error) {
      // Nothing has left: the call itself never rejects.
      return { kind: 'refused', message: rootMessage(error) };
    }
  }

  private async changeOutcome(
    reply: Reply,
    order: OrderRow,
    accountId: string,
    access: BrokerAccess,
    requestType: 'MODIFY' | 'CANCEL',
    { quantity, limitPrice, triggerPrice }: OrderTermsChange,
  ): Promise<ChangeOutcome> {
    if (reply.kind === 'denied') {
      await this.quietly(() => this.tokens.refused(accountId, access));
      return { kind: 'refused', message: TOKEN_REJECTED.message };
    }
    if (reply.kind === 'not-now' || reply.kind === 'refused')
      return { kind: 'refused', message: reply.message };
    if (reply.kind === 'unknown') return reply;
    const answer = readOrderAnswer(reply.data);
    if (answer === undefined) return { kind: 'unknown', evidence: 'an answer without an order id' };
    if ('refusal' in answer) return { kind: 'refused', message: answer.refusal };
    const row = await this.rowOf(order, accountId, access).catch(() => undefined);
    const entry = row && toBrokerOrder(row);
    const made =
      requestType === 'CANCEL'
        ? entry?.status === 'canceled'
        : entry?.quantity === quantity && entry.limitPrice === limitPrice && isTrigger(entry, triggerPrice);
    return entry && made ? { kind: 'done', order: entry } : { kind: 'requested' };
  }

  private async rowOf(
    { brokerOrderId }: OrderRow,
    accountId: string,
    access: BrokerAccess,
  ): Promise<ReportRow | undefined> {
    const { rows } = await this.report(accountId, access);
    return rows.find(({ orderId }) => orderId === brokerOrderId);
  }

  /** @throws BrokerUnreachableError; a refused token is marked as dead first */
  private async report(accountId: string, access: BrokerAccess): Promise<DayReport> {
    try {
      const report = await this.books.report(access);
      this.misread.note(accountId, report);
      this.contacts.set(accountId, { reached: true, at: performance.now(), message: '' });
      return report;
    } catch (error) {
      if (error instanceof BooksUnavailableError) await this.noteFailure(accountId, access, error.reply);
      throw error;
    }
  }

  /** @throws BrokerUnreachableError with the reason why there is no access */
  private async mustAccess(accountId: string): Promise<BrokerAccess> {
    const access = await this.tokens.access(accountId);
    if (isAccess(access)) return access;
    throw new BrokerUnreachableError(access.code, access.message);
  }

  private async scripCode(
    symbol: string,
    accountId: string,
    access: BrokerAccess,
  ): Promise<number | undefined> {
    try {
      return (await this.instruments.listing(symbol, access.token))?.scripCode;
    } catch (error) {
      if (error instanceof MasterUnavailableError) {
        await this.noteFailure(accountId, access, error.reply);
        if (error.reply.kind === 'denied') {
          throw new BrokerUnreachableError(TOKEN_REJECTED.code, TOKEN_REJECTED.message);
        }
      }
      throw error;
    }
  }

  private async noteFailure(accountId: string, access: BrokerAccess, reply: Reply): Promise<void> {
    this.noteContact(accountId, reply);
    if (reply.kind === 'denied') await this.quietly(() => this.tokens.refused(accountId, access));
  }

  /** A broker that refuses is reached. */
  private noteContact(accountId: string, reply: Reply): void {
    const reached = reply.kind !== 'not-now' && reply.kind !== 'unknown';
    const message = 'message' in reply ? reply.message : 'evidence' in reply ? reply.evidence : '';
    this.contacts.set(accountId, { reached, at: performance.now(), message });
  }

  /** Whether the broker answers; asked when the last call failed or was long ago. */
  private async isReached(accountId: string, access: BrokerAccess): Promise<boolean> {
    const contact = this.contacts.get(accountId);
    if (contact?.reached && performance.now() - contact.at < CONTACT_MS) return true;
    try {
      await this.report(accountId, access);
      // Read before the first order of the day asks for it.
      void this.instruments.listing('', access.token).catch(() => undefined);
      return true;
    } catch (error) {
      if (error instanceof BrokerUnreachableError) return false;
      throw error;
    }
  }

  private async whyNot(accountId: string): Promise<Readiness> {
    const access = await this.tokens.access(accountId);
    if (!isAccess(access)) return { ready: false, ...access };
    const why = this.contacts.get(accountId)?.message ?? 'no answer';
    return { ready: false, code: 'BROKER_UNREACHABLE', message: `ShareKhan does not answer: ${why}` };
  }

  private async accessOf(accountId: string): Promise<BrokerAccess | undefined> {
    const access = await this.tokens.access(accountId);
    return isAccess(access) ? access : undefined;
  }

  /** For what may wait: PostgreSQL is away, and the next refused call says the same again. */
  private async quietly(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.logger.warn(`a refused token was not marked: ${rootMessage(error)}`);
    }
  }
}

/** Whether the report shows the trigger that was asked for; one that shows none contradicts nothing. */
function isTrigger({ triggerPrice: shown }: BrokerOrder, wanted: number | null | undefined): boolean {
  return wanted === undefined || shown === undefined || shown === wanted;
}

/** What is known of an order the moment its number has come; its books tell the rest. */
function justTaken(order: OrderRow, brokerOrderId: string): BrokerOrder {
  return {
    brokerOrderId,
    clientOrderId: null,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity,
    limitPrice: order.limitPrice,
    placedAt: null,
    status: 'working',
    filledQuantity: 0,
    averagePrice: null,
    trades: null,
    fees: null,
    message: null,
  };
}
