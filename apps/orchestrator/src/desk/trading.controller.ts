import { Controller } from '@nestjs/common';
import type { EndpointInput, LadderAnswer, TradingState } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { PositionClosing } from '../trading-state/position-closing';
import { TradingStateService } from '../trading-state/trading-state.service';
import { LadderThresholdStore } from './ladder-thresholds';
import { LadderTrips } from './ladder-trips';

@Controller()
export class TradingController {
  constructor(
    private readonly trading: TradingStateService,
    private readonly closing: PositionClosing,
    private readonly thresholds: LadderThresholdStore,
    private readonly trips: LadderTrips,
  ) {}

  @Serve('GET /api/v1/trading/state')
  state(): Promise<TradingState> {
    return this.trading.read();
  }

  @Serve('GET /api/v1/trading/ladder')
  async ladder(): Promise<LadderAnswer> {
    const [thresholds, acted, figures] = await Promise.all([
      this.thresholds.read(),
      this.trading.acted(),
      this.trips.figures(),
    ]);
    return { thresholds, acted: [...acted], figures };
  }

  @Serve('PUT /api/v1/trading/ladder')
  async setLadder(
    @Input() { body: change }: EndpointInput<'PUT /api/v1/trading/ladder'>,
  ): Promise<LadderAnswer> {
    await this.thresholds.change(change);
    return this.ladder();
  }

  @Serve('POST /api/v1/trading/:command')
  async command(
    @Input() { params: { command }, body }: EndpointInput<'POST /api/v1/trading/:command'>,
  ): Promise<TradingState> {
    const state = await this.trading.command(command, body);
    if (command !== 'flatten') return state;
    await this.closing.flatten();
    return this.trading.read();
  }
}
