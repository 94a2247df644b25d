import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { type BrokerAccess } from '../../tokens/account-tokens';
import { BrokerUnreachableError } from '../broker';
import { type Reply, ShareKhanClient } from './sharekhan.client';
import { reportRowSchema, type ReportRow } from './sharekhan.rows';

/** The day report could not be had. */
export class ReportUnavailableError extends BrokerUnreachableError {
  constructor(readonly reply: Exclude<Reply, { kind: 'answer' }>) {
    const denied = reply.kind === 'denied';
    const why = 'message' in reply ? reply.message : 'evidence' in reply ? reply.evidence : 'access denied';
    super(
      denied ? 'TOKEN_REJECTED' : reply.kind === 'not-now' ? reply.code : 'BROKER_UNREACHABLE',
      `The day report cannot be read: ${why}`,
    );
  }
}

/** ShareKhan's books of the day. */
@Injectable()
export class ShareKhanBooks {
  constructor(private readonly client: ShareKhanClient) {}

  /** @throws ReportUnavailableError, also for a report of which a row cannot be read: half a report proves nothing */
  async report({ customerId, token }: BrokerAccess): Promise<ReportRow[]> {
    const path = `/skapi/services/reports/${encodeURIComponent(customerId)}`;
    const reply = await this.client.call({ operation: 'report', path, token });
    if (reply.kind !== 'answer') throw new ReportUnavailableError(reply);
    // A day without orders comes as an empty list, or as none.
    if (reply.data === null || reply.data === undefined) {
      if (!/error|fail/i.test(reply.message)) return [];
      throw new ReportUnavailableError({ kind: 'unknown', evidence: reply.message });
    }
    const rows = z.array(reportRowSchema).safeParse(reply.data);
    if (rows.success) return rows.data;
    const evidence = `unreadable: ${rows.error.issues[0]?.path.join('.') ?? 'no list'}`;
    throw new ReportUnavailableError({ kind: 'unknown', evidence });
  }
}
