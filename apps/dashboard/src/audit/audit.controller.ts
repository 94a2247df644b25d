import { Controller, Res } from '@nestjs/common';
import type { AuditEntry, AuditPage, AuditVerification, EndpointInput } from '@tickbridge/contracts';
import { csvLine, Input, Serve, ServeReply } from '@tickbridge/service-bootstrap';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { type AuditFilter, AuditLog } from './audit.log';

const EXPORT_ROWS = 1_000;
const COLUMNS = [
  'sequence',
  'at',
  'actor',
  'action',
  'target',
  'outcome',
  'address',
  'detail',
  'hash',
] as const;

@Controller()
export class AuditController {
  constructor(private readonly audit: AuditLog) {}

  @Serve('GET /api/v1/audit')
  async page(@Input() { query }: EndpointInput<'GET /api/v1/audit'>): Promise<AuditPage> {
    const { limit, ...filter } = query;
    const entries = await this.audit.list(filter, limit);
    return { entries, nextBefore: entries.length < limit ? null : (entries.at(-1)?.sequence ?? null) };
  }

  @Serve('GET /api/v1/audit/verification')
  verification(): Promise<AuditVerification> {
    return this.audit.verify();
  }

  @ServeReply('GET /api/v1/audit/export')
  export(
    @Input() { query: { format, ...filter } }: EndpointInput<'GET /api/v1/audit/export'>,
    @Res() reply: FastifyReply,
  ): void {
    void reply
      .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8')
      .header('content-disposition', `attachment; filename="tickbridge-audit.${format}"`)
      .send(Readable.from(this.lines(filter, format)));
  }

  private async *lines(filter: AuditFilter, format: 'csv' | 'ndjson'): AsyncGenerator<string> {
    if (format === 'csv') yield csvLine(COLUMNS);
    let before: number | undefined;
    for (;;) {
      const entries = await this.audit.list({ ...filter, before }, EXPORT_ROWS);
      for (const entry of entries) yield format === 'csv' ? lineOf(entry) : `${JSON.stringify(entry)}\n`;
      if (entries.length < EXPORT_ROWS) return;
      before = entries.at(-1)?.sequence;
    }
  }
}

function lineOf(entry: AuditEntry): string {
  return csvLine(
    COLUMNS.map((column) => {
      const value = entry[column];
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
    }),
  );
}
