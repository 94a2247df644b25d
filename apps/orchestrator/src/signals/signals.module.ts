import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { RecentSignals } from './recent-signals';
import { SignalOutcomes } from './signal-outcomes';
import { SignalRepository } from './signal.repository';
import { SignalsController } from './signals.controller';

/** What strategies said, and what became of it. */
@Module({
  imports: [AccountsModule],
  controllers: [SignalsController],
  providers: [RecentSignals, SignalOutcomes, SignalRepository],
  exports: [SignalOutcomes, SignalRepository],
})
export class SignalsModule {}
