import { Controller } from '@nestjs/common';
import type { Account, BrokerStatement, EndpointInput, TokenStatus } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { AccountTokens } from '../tokens/account-tokens';
import { AccountAdmin } from './account-admin';
import { BrokerStatements } from './broker-statements';

@Controller()
export class AccountsController {
  constructor(
    private readonly accounts: AccountAdmin,
    private readonly tokens: AccountTokens,
    private readonly statements: BrokerStatements,
  ) {}

  @Serve('GET /api/v1/accounts')
  list(): Promise<Account[]> {
    return this.accounts.list();
  }

  @Serve('POST /api/v1/accounts')
  open(@Input() { body: account }: EndpointInput<'POST /api/v1/accounts'>): Promise<Account> {
    return this.accounts.open(account);
  }

  @Serve('PATCH /api/v1/accounts/:id')
  change(
    @Input() { params: { id }, body: change }: EndpointInput<'PATCH /api/v1/accounts/:id'>,
  ): Promise<Account> {
    return this.accounts.change(id, change);
  }

  @Serve('GET /api/v1/accounts/:id/statement')
  statement(
    @Input() { params: { id } }: EndpointInput<'GET /api/v1/accounts/:id/statement'>,
  ): Promise<BrokerStatement> {
    return this.statements.of(id);
  }

  @Serve('GET /api/v1/accounts/:id/token')
  token(@Input() { params: { id } }: EndpointInput<'GET /api/v1/accounts/:id/token'>): Promise<TokenStatus> {
    return this.tokens.status(id);
  }

  @Serve('PUT /api/v1/accounts/:id/token')
  submit(
    @Input() { params: { id }, body: submission }: EndpointInput<'PUT /api/v1/accounts/:id/token'>,
  ): Promise<TokenStatus> {
    return this.tokens.submit(id, submission);
  }

  @Serve('DELETE /api/v1/accounts/:id/token')
  revoke(
    @Input() { params: { id } }: EndpointInput<'DELETE /api/v1/accounts/:id/token'>,
  ): Promise<TokenStatus> {
    return this.tokens.revoke(id);
  }
}
