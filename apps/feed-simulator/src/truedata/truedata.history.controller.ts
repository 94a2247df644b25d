import { Body, Controller, Get, Header, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { z } from 'zod';
import { SimulatorConfig } from '../config/app.config';
import { SimulatedMarket } from '../market/simulated-market';
import type { MinuteBar } from '../market/minute-bars';
import type { RecentTrade } from '../market/recent-trades';
import { istTime, parseQueryTime } from '../market/ist-time';

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

const moment = z.string().transform(parseQueryTime).refine(Number.isFinite, 'expected YYMMDDTHH:mm:ss');
const rangeSchema = z.object({
  symbol: z.string().min(1),
  from: moment,
  to: moment,
  interval: z.literal('1min', 'the simulator keeps one-minute bars only').default('1min'),
});
type Range = z.output<typeof rangeSchema>;

const lastTicksSchema = z.object({
  symbol: z.string().min(1),
  nticks: z.coerce.number().int().min(1).max(4_096).default(200),
});
type LastTicks = z.output<typeof lastTicksSchema>;

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
    return barsAsCsv(symbol.minutes.latest(query.nbars));
  }

  @Get('getbars')
  @Header('content-type', 'text/csv')
  @ApiOperation({ summary: 'One-minute bars of a symbol that began within a time, as CSV' })
  barsBetween(@Query({ schema: rangeSchema }) { symbol: name, from, to }: Range): string {
    const bars =
      this.market.find(name)?.minutes.all.filter(({ start }) => start >= from && start <= to) ?? [];
    return bars.length === 0 ? `No data exists for ${name}` : barsAsCsv(bars);
  }

  @Get('getticks')
  @Header('content-type', 'text/csv')
  @ApiOperation({ summary: 'Trades of a symbol within a time, as CSV, as far back as they are kept' })
  ticksBetween(
    @Query({ schema: rangeSchema.omit({ interval: true }) }) range: Omit<Range, 'interval'>,
  ): string {
    const ticks = this.market.find(range.symbol)?.trades.between(range.from, range.to) ?? [];
    return ticks.length === 0 ? `No data exists for ${range.symbol}` : ticksAsCsv(ticks);
  }

  @Get('getlastnticks')
  @Header('content-type', 'text/csv')
  @ApiOperation({ summary: 'The newest trades of a symbol, as CSV' })
  lastTicks(@Query({ schema: lastTicksSchema }) { symbol: name, nticks }: LastTicks): string {
    const ticks = this.market.find(name)?.trades.latest(nticks) ?? [];
    return ticks.length === 0 ? `No data exists for ${name}` : ticksAsCsv(ticks);
  }
}

function barsAsCsv(bars: readonly MinuteBar[]): string {
  const lines = bars.map(({ start, open, high, low, close, volume }) => {
    return `${istTime(start)},${open},${high},${low},${close},${volume},0`;
  });
  return ['timestamp,open,high,low,close,volume,oi', ...lines].join('\r\n');
}

function ticksAsCsv(ticks: readonly RecentTrade[]): string {
  const lines = ticks.map(({ time, price, quantity }) => `${istTime(time)},${price},${quantity},0`);
  return ['timestamp,ltp,volume,oi', ...lines].join('\r\n');
}
