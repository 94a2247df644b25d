import { Injectable } from '@nestjs/common';
import type { BrokerRow } from '@tickbridge/contracts';
import { type BrokerAccess } from '../../tokens/account-tokens';
import { type BrokerPages, BrokerUnreachableError } from '../broker';
import { type Reply, ShareKhanClient } from './sharekhan.client';
import { EXCHANGE } from './sharekhan.options';
import { type DayReport, readReport, toPlainRows } from './sharekhan.rows';

/** A page of the books could not be had. */
export class BooksUnavailableError extends BrokerUnreachableError {
  /** @param page for people: "the day report" */
  constructor(
    readonly reply: Exclude<Reply, { kind: 'answer' }>,
    page: string,
  ) {
    const denied = reply.kind === 'denied';
    const why = 'message' in reply ? reply.message : 'evidence' in reply ? reply.evidence : 'access denied';
    super(
      denied ? 'TOKEN_REJECTED' : reply.kind === 'not-now' ? reply.code : 'BROKER_UNREACHABLE',
      `ShareKhan's ${page} cannot be read: ${why}`,
    );
  }
}

/** ShareKhan's books of a customer. */
@Injectable()
export class ShareKhanBooks {
  constructor(private readonly client: ShareKhanClient) {}

  /**
   * Today's orders.
   *
   * @throws BooksUnavailableError, also for what is no report at all
   */
  async report(access: BrokerAccess): Promise<DayReport> {
    const page = 'day report';
    const report = readReport(await this.read(access, 'report', page, `reports/${idOf(access)}`));
    if (report) return report;
    throw new BooksUnavailableError({ kind: 'unknown', evidence: 'unreadable: no list' }, page);
  }

  /** Positions, holdings and limits as ShareKhan words them. @throws BooksUnavailableError */
  async pages(access: BrokerAccess): Promise<BrokerPages> {
    const id = idOf(access);
    return {
      positions: await this.rows(access, 'trades', 'positions', `trades/${id}`),
      holdings: await this.rows(access, 'holdings', 'holdings', `holdings/${id}`),
      limits: await this.rows(access, 'limits', 'limits', `limitstmt/${EXCHANGE}/${id}`),
    };
  }

  private async rows(
    access: BrokerAccess,
    operation: string,
    page: string,
    path: string,
  ): Promise<BrokerRow[]> {
    const rows = toPlainRows(await this.read(access, operation, page, path));
    if (rows) return rows;
    throw new BooksUnavailableError({ kind: 'unknown', evidence: 'unreadable: no list' }, page);
  }

  private async read(
    { token }: BrokerAccess,
    operation: string,
    page: string,
    path: string,
  ): Promise<unknown> {
    const reply = await this.client.call({ operation, path: `/skapi/services/${path}`, token });
    if (reply.kind !== 'answer') throw new BooksUnavailableError(reply, page);
    // A day without entries comes as an empty list, or as none.
    if (reply.data !== null && reply.data !== undefined) return reply.data;
    if (!/error|fail/i.test(reply.message)) return [];
    throw new BooksUnavailableError({ kind: 'unknown', evidence: reply.message }, page);
  }
}

function idOf({ customerId }: BrokerAccess): string {
  return encodeURIComponent(customerId);
}
