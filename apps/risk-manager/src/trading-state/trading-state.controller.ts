import { Controller } from '@nestjs/common';
import { toIso, type TradingState } from '@tickbridge/contracts';
import { Database, tradingState } from '@tickbridge/database';
import { ProblemException, Serve } from '@tickbridge/service-bootstrap';

@Controller()
export class TradingStateController {
  constructor(private readonly database: Database) {}

  @Serve('GET /api/v1/trading/state')
  async state(): Promise<TradingState> {
    const [row] = await this.database.orm.select().from(tradingState);
    if (!row) {
      throw new ProblemException(
        404,
        'NO_TRADING_STATE',
        'No trading state is stored yet: the orchestrator writes it at its first start.',
      );
    }
    const { mode, running, changedBy, reason, changedAt } = row;
    return { mode, running, changedBy, reason, changedAt: toIso(changedAt.getTime()) };
  }
}
