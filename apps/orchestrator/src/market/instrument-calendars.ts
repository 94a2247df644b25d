import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database, rootMessage } from '@tickbridge/database';
import { TradingFeeds } from './trading-feeds';

/** Lists of instruments change daily, and at once when somebody puts in a file. */
const INTERVAL_MS = 60_000;

/** Keeps the feeds informed which of their symbols trade by another calendar than the others. */
@Injectable()
export class InstrumentCalendars implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('InstrumentCalendars');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly feeds: TradingFeeds,
  ) {}

  onModuleInit(): void {
    void this.database.whenReady().then(() => this.read());
    this.timer = setInterval(() => void this.read(), INTERVAL_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async read(): Promise<void> {
    try {
      await this.feeds.learnCalendars();
    } catch (error) {
      this.logger.debug(`calendars of instruments not read: ${rootMessage(error)}`);
    }
  }
}
