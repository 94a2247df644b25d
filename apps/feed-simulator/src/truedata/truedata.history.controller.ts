import { Body, Controller, Get, Header, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { z } from 'zod';
import { SimulatorConfig } from '../app.config';
import { SimulatedMarket } from '../market/simulated-market';
import { istTime } from './ist-time';

const loginSchema = z.object({
  username: z.string().min(1),
  password: z.string().min(1),
  grant_type: z.literal('password'),
});
type Login = z.output<typeof loginSchema>;

const barsQuerySchema = z.object({
  symbol: z.string().min(1),
  nbars: z.coerce.number().int().min(1).max(1_000).default(200),
  interval: z.literal('1min', 'the simulator keeps one-minute bars only'),
  response: z.literal('csv').default('csv'),
});
type BarsQuery = z.output<typeof barsQuerySchema>;

/** TrueData's history API, as far as market-data uses it. */
@ApiTags('truedata')
@Controller()
export class TrueDataHistoryController {
  constructor(
    private readonly config: SimulatorConfig,
    private readonly market: SimulatedMarket,
  ) {}

  @Post('token')
  @HttpCode(200)
  @ApiOperation({ summary: 'Bearer token of the history API' })
  token(@Body({ schema: loginSchema }) login: Login): { access_token: string; expires_in: number } {
    if (login.password !== this.config.password) {
      throw new ProblemException(400, 'INVALID_GRANT', 'The user name or password is incorrect.');
    }
    return { access_token: 'simulated-history', expires_in: 86_400 };
  }

  /** The vendor answers problems as text with status 200, so this does too. */
  @Get('getlastnbars')
  @Header('content-type', 'text/csv')
  @ApiOperation({ summary: 'The newest one-minute bars of a symbol as CSV' })
  bars(@Query({ schema: barsQuerySchema }) query: BarsQuery): string {
    const symbol = this.market.find(query.symbol);
    if (symbol === undefined) return `No data exists for ${query.symbol}`;
    const lines = symbol.minutes.latest(query.nbars).map(({ start, open, high, low, close, volume }) => {
      return `${istTime(start)},${open},${high},${low},${close},${volume},0`;
    });
    return ['timestamp,open,high,low,close,volume,oi', ...lines].join('\r\n');
  }
}
