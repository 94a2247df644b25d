import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  auditPageSchema,
  auditVerificationSchema,
  isoTime,
  type AuditEntry,
  type AuditPage,
  type AuditVerification,
} from '@tickbridge/contracts';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { AuditLog, type AuditFilter } from './audit.log';

const text = z.string().min(1).max(200).optional();
const filterFields = {
  actor: text,
  action: text,
  target: text,
  outcome: text,
  from: isoTime.optional(),
  to: isoTime.optional(),
};
const pageQuerySchema = z.strictObject({
  ...filterFields,
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const exportQuerySchema = z.strictObject({
  ...filterFields,
  format: z.enum(['csv', 'ndjson']).default('csv'),
});

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

@ApiTags('audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditLog) {}

  @Get()
  @ApiOperation({ summary: 'Who did what, newest first' })
  @ApiOkResponse({ standardSchema: auditPageSchema })
  async page(
    @Query({ schema: pageQuerySchema }) query: z.output<typeof pageQuerySchema>,
  ): Promise<AuditPage> {
    const { limit, ...filter } = query;
    const entries = await this.audit.list(filter, limit);
    return { entries, nextBefore: entries.length < limit ? null : (entries.at(-1)?.sequence ?? null) };
  }

  @Get('verification')
  @ApiOperation({ summary: 'Whether every row still follows from the one before' })
  @ApiOkResponse({ standardSchema: auditVerificationSchema })
  verification(): Promise<AuditVerification> {
    return this.audit.verify();
  }

  @Get('export')
  @ApiOperation({ summary: 'All rows of a filter as CSV or as one JSON object per line, newest first' })
  @ApiProduces('text/csv', 'application/x-ndjson')
  export(
    @Query({ schema: exportQuerySchema }) { format, ...filter }: z.output<typeof exportQuerySchema>,
    @Res() reply: FastifyReply,
  ): void {
    void reply
      .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8')
      .header('content-disposition', `attachment; filename="tickbridge-audit.${format}"`)
      .send(Readable.from(this.lines(filter, format)));
  }

  private async *lines(filter: AuditFilter, format: 'csv' | 'ndjson'): AsyncGenerator<string> {
    if (format === 'csv') yield `${COLUMNS.join(',')}\r\n`;
    let before: number | undefined;
    for (;;) {
      const entries = await this.audit.list({ ...filter, before }, EXPORT_ROWS);
      for (const entry of entries) yield format === 'csv' ? csvLine(entry) : `${JSON.stringify(entry)}\n`;
      if (entries.length < EXPORT_ROWS) return;
      before = entries.at(-1)?.sequence;
    }
  }
}

function csvLine(entry: AuditEntry): string {
  const cells = COLUMNS.map((column) => {
    const value = entry[column];
    return cell(typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? ''));
  });
  return `${cells.join(',')}\r\n`;
}

/** Quoted where needed; text that a spreadsheet would run as a formula begins with an apostrophe. */
function cell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
