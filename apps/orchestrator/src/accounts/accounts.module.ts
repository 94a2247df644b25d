import { Module } from '@nestjs/common';
import { AccountLeases } from './account-leases';
import { AccountRepository } from './account.repository';

/** Trading accounts, and which of them this process trades. */
@Module({
  providers: [AccountLeases, AccountRepository],
  exports: [AccountLeases, AccountRepository],
})
export class AccountsModule {}
