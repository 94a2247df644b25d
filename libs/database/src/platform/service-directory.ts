import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { Database } from '../connection/database';
import { rootMessage } from '../connection/database.errors';
import { DatabaseSettings } from '../connection/database.options';
import { serviceInstances } from './platform.schema';

const ANNOUNCE_MS = 2_000;
/** An instance that has said nothing for so long is not sent anything (milliseconds). */
const GONE_AFTER_MS = 8_000;

/** Which instances of the services run, and where: told by each of them, in PostgreSQL. */
@Injectable()
export class ServiceDirectory implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('ServiceDirectory');
  private timer: NodeJS.Timeout | undefined;
  private announced: { service: string; address: string } | undefined;

  constructor(
    private readonly database: Database,
    private readonly settings: DatabaseSettings,
  ) {}

  onModuleInit(): void {
    const { announce } = this.settings.value;
    if (!announce) return;
    void announce.address.then((address) => {
      this.announced = { service: announce.service, address };
      this.timer = setInterval(() => void this.announce(), ANNOUNCE_MS);
      void this.announce();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    const { announced } = this;
    this.announced = undefined;
    if (!announced) return;
    await this.database.orm
      .delete(serviceInstances)
      .where(
        and(eq(serviceInstances.service, announced.service), eq(serviceInstances.address, announced.address)),
      )
      .catch((error: unknown) => this.logger.debug(`not signed off: ${rootMessage(error)}`));
  }

  /**
   * Addresses of the running instances of a service, those heard of last first.
   *
   * @throws DatabaseUnavailableError while PostgreSQL is away
   */
  async addresses(service: string): Promise<string[]> {
    const rows = await this.database.orm
      .select({ address: serviceInstances.address })
      .from(serviceInstances)
      .where(
        and(
          eq(serviceInstances.service, service),
          gt(serviceInstances.seenAt, sql`now() - ${`${GONE_AFTER_MS} milliseconds`}::interval`),
        ),
      )
      .orderBy(desc(serviceInstances.seenAt));
    return rows.map(({ address }) => address);
  }

  private async announce(): Promise<void> {
    const { announced } = this;
    if (!announced) return;
    try {
      await this.database.orm
        .insert(serviceInstances)
        .values({ ...announced, seenAt: sql`now()` })
        .onConflictDoUpdate({
          target: [serviceInstances.service, serviceInstances.address],
          set: { seenAt: sql`now()` },
        });
    } catch (error) {
      this.logger.debug(`not announced: ${rootMessage(error)}`);
    }
  }
}
