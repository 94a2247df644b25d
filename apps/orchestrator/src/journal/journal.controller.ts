import { Controller, Res } from '@nestjs/common';
import type { EndpointInput } from '@tickbridge/contracts';
import { Input, ServeReply } from '@tickbridge/service-bootstrap';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { AccountFinder } from '../portfolio/account-finder';
import { Journal } from './journal';

@Controller()
export class JournalController {
  constructor(
    private readonly accounts: AccountFinder,
    private readonly journal: Journal,
  ) {}

  @ServeReply('GET /api/v1/portfolio/journal')
  async export(
    @Input() { query }: EndpointInput<'GET /api/v1/portfolio/journal'>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { part, account: id, ...days } = query;
    const account = await this.accounts.find(id);
    const lines = this.journal.lines(account, part, days);
    // The first line comes before the answer begins: what cannot be read is refused, not cut off.
    const { value: head } = await lines.next();
    await reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${account.id}-${part}.csv"`)
      .send(Readable.from(withHead(String(head ?? ''), lines)));
  }
}

async function* withHead(head: string, lines: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  yield* lines;
}
