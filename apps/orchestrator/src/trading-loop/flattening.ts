import { Injectable } from '@nestjs/common';
import { Flattener } from '../desk/flattener';
import { PositionExits } from '../desk/position-exits';
import { TradingStateService } from '../trading-state/trading-state.service';
import { SignalDesk } from './signal-desk';

/** The loop's part in FLATTEN. Safe to repeat. */
@Injectable()
export class Flattening {
  constructor(
    private readonly trading: TradingStateService,
    private readonly flattener: Flattener,
    private readonly exits: PositionExits,
    private readonly signals: SignalDesk,
  ) {}

  /** While FLATTEN stands: tries to close what is open; halts when nothing is. */
  async advance(): Promise<void> {
    if (this.trading.current?.mode !== 'FLATTEN') return;
    await this.flattener.cancelOrders();
    for (const exit of this.exits.signals()) await this.signals.handleFully(exit);
    if (await this.flattener.isDone()) await this.trading.flattened();
  }
}
