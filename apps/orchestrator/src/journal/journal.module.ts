import { Module } from '@nestjs/common';
import { PortfolioModule } from '../portfolio/portfolio.module';
import { Journal } from './journal';
import { JournalController } from './journal.controller';
import { JournalReader } from './journal.reader';

/** The books as files for a spreadsheet, an accountant or a tax return. */
@Module({
  imports: [PortfolioModule],
  controllers: [JournalController],
  providers: [Journal, JournalReader],
})
export class JournalModule {}
