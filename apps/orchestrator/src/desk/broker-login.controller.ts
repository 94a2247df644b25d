import { Controller } from '@nestjs/common';
import type { BrokerLogin, EndpointInput, TokenStatus } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { AccountTokens } from '../tokens/account-tokens';
import { BrokerLogins } from './broker-logins';

@Controller()
export class BrokerLoginController {
  constructor(
    private readonly logins: BrokerLogins,
    private readonly tokens: AccountTokens,
  ) {}

  @Serve('GET /api/v1/accounts/tokens')
  list(): Promise<TokenStatus[]> {
    return this.tokens.list();
  }

  @Serve('GET /api/v1/accounts/:id/login')
  begin(
    @Input() { params: { id }, query: { session: by } }: EndpointInput<'GET /api/v1/accounts/:id/login'>,
  ): Promise<BrokerLogin> {
    return this.logins.begin(id, by);
  }

  @Serve('POST /api/v1/accounts/login')
  complete(@Input() { body }: EndpointInput<'POST /api/v1/accounts/login'>): Promise<TokenStatus> {
    const { session: by, ...login } = body;
    return this.logins.complete(login, by);
  }

  @Serve('POST /api/v1/accounts/:id/login')
  paste(
    @Input() { params: { id }, body: pasted }: EndpointInput<'POST /api/v1/accounts/:id/login'>,
  ): Promise<TokenStatus> {
    return this.logins.paste(id, pasted);
  }
}
