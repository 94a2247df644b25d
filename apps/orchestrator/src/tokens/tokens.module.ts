import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { AccountTokens } from './account-tokens';
import { PostgresTokenRepository } from './postgres-token.repository';

/** Brokers' tokens: stored, judged, taken back. */
@Module({
  imports: [AccountsModule],
  providers: [AccountTokens, PostgresTokenRepository],
  exports: [AccountTokens],
})
export class TokensModule {}
