import { Controller } from '@nestjs/common';
import type { Backtest, BacktestRun, EndpointInput } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { BacktestService } from './backtest.service';

@Controller()
export class BacktestsController {
  constructor(private readonly backtests: BacktestService) {}

  @Serve('POST /api/v1/backtests')
  submit(@Input() { body: request }: EndpointInput<'POST /api/v1/backtests'>): Promise<BacktestRun> {
    return this.backtests.submit(request);
  }

  @Serve('GET /api/v1/backtests')
  list(
    @Input() { query: { limit, status } }: EndpointInput<'GET /api/v1/backtests'>,
  ): Promise<BacktestRun[]> {
    return this.backtests.list(limit, status);
  }

  @Serve('GET /api/v1/backtests/:id')
  show(@Input() { params: { id } }: EndpointInput<'GET /api/v1/backtests/:id'>): Promise<Backtest> {
    return this.backtests.show(id);
  }

  @Serve('POST /api/v1/backtests/:id/cancel')
  cancel(
    @Input() { params: { id } }: EndpointInput<'POST /api/v1/backtests/:id/cancel'>,
  ): Promise<BacktestRun> {
    return this.backtests.cancel(id);
  }
}
