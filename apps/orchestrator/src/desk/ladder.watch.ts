import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { rootMessage } from '@tickbridge/database';
import { StrategyDesk } from '../strategies/strategy-desk';
import { PositionClosing } from '../trading-state/position-closing';
import { TradingStateService } from '../trading-state/trading-state.service';
import { Flattener } from './flattener';
import { LadderTrips } from './ladder-trips';

/** The ladder is looked at this often: another orchestrator may have been told to move it (milliseconds). */
const REFRESH_MS = 500;
/** The figures are measured at every so many looks. */
const LOOKS_PER_MEASUREMENT = 4;

/** Steps down the kill ladder by itself when a trigger says so, and notices when somebody else has. */
@Injectable()
export class LadderWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('KillLadder');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private flattening: Promise<void> | undefined;
  private looks = 0;

  constructor(
    private readonly trading: TradingStateService,
    private readonly trips: LadderTrips,
    private readonly closing: PositionClosing,
    private readonly flattener: Flattener,
    private readonly strategies: StrategyDesk,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }, REFRESH_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    // Nothing is known of the ladder before the loop has read it.
    if (this.trading.current === undefined) return;
    try {
      const { mode } = await this.trading.refresh();
      if (mode === 'FLATTEN') this.flatten();
      if (mode === 'HALTED') await this.flattener.cancelEntries();
      await this.strategies.refresh();
      this.looks += 1;
      if (this.looks % LOOKS_PER_MEASUREMENT !== 0 || !(await this.trips.trip())) return;
      if (this.trading.current?.mode === 'FLATTEN') this.flatten();
    } catch (error) {
      this.logger.debug(`the ladder was not looked at: ${rootMessage(error)}`);
    }
  }

  /** Once at a time: a position without a price waits for one, however often it is asked. */
  private flatten(): void {
    this.flattening ??= this.closing.flatten().finally(() => (this.flattening = undefined));
  }
}
