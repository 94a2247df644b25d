import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Database } from './database';

/** How often the server is asked for its time. */
const INTERVAL_MS = 10_000;
/** A slower answer says too little about its moment (ms). */
const GOOD_ROUND_TRIP_MS = 200;

/** How far this machine's clock is from PostgreSQL's. */
@Injectable()
export class DatabaseClock implements OnModuleInit, OnApplicationShutdown {
  /** The server's clock less the steady one of this process (ms). */
  private serverAheadOfSteadyMs: number | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.look(), INTERVAL_MS);
    this.timer.unref();
    void this.database.whenReady().then(() => this.look());
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** This machine's clock less the server's (ms); `null` before it was measured. Right at once when a clock is set here. */
  get offsetMs(): number | null {
    return this.serverAheadOfSteadyMs === null
      ? null
      : Date.now() - (performance.now() + this.serverAheadOfSteadyMs);
  }

  /** Asks the server for its time. @throws DatabaseUnavailableError or the driver's error */
  async measure(): Promise<void> {
    const asked = performance.now();
    // As text: milliseconds since 1970 with their fractions are more than a whole number holds.
    const { rows } = await this.database.orm.execute<{ now: string }>(
      sql`select (extract(epoch from clock_timestamp()) * 1000)::text as now`,
    );
    const roundTripMs = performance.now() - asked;
    if (roundTripMs > GOOD_ROUND_TRIP_MS && this.serverAheadOfSteadyMs !== null) return;
    this.serverAheadOfSteadyMs = Number(rows[0]?.now) - (asked + roundTripMs / 2);
  }

  /** An outage is told by what asks for health; the last measurement stands. */
  private async look(): Promise<void> {
    await this.measure().catch(() => undefined);
  }
}
