import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { toIso, tradingStateSchema, type TradingState } from '@tickbridge/contracts';
import { Database, tradingState } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';

@ApiTags('trading state')
@Controller('api/v1/trading/state')
export class TradingStateController {
  constructor(private readonly database: Database) {}

  @Get()
  @ApiOperation({ summary: 'The kill ladder as the risk rules see it; the orchestrator changes it' })
  @ApiOkResponse({ standardSchema: tradingStateSchema })
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
