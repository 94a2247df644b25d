import { Controller, Get, Query } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import {
  type BooksCheck,
  booksCheckSchema,
  EQUITY_INTERVAL_MS,
  type EquityCurve,
  equityCurveSchema,
  equityIntervalSchema,
  isoTime,
  type PortfolioDay,
  portfolioDaySchema,
  type StrategyPortfolio,
  strategyPortfolioSchema,
  toIso,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { drawdown, Money } from '@tickbridge/trading-core';
import { z } from 'zod';
import { AccountFinder } from './account-finder';
import { BooksAuditor } from './books.auditor';
import { EquityRepository, WHOLE_ACCOUNT } from './equity.repository';
import { roundForDisplay } from './round-for-display';
import { StrategyPortfolios } from './strategy-portfolios';
import { TradingDays } from './trading-days';

const DAY_MS = 86_400_000;
const MAX_POINTS = 10_000;

const account = z.string().min(1).max(64).optional();
const accountQuerySchema = z.strictObject({ account });
const daysQuerySchema = z.strictObject({
  account,
  limit: z.coerce.number().int().min(1).max(1_000).default(60),
});
const equityQuerySchema = z.strictObject({
  account,
  /** Profit of one strategy instead of the equity of the account. */
  strategy: z.string().min(1).max(100).optional(),
  /** Inclusive; a day before `to` when absent. */
  from: isoTime.optional(),
  /** Exclusive; now when absent. */
  to: isoTime.optional(),
  interval: equityIntervalSchema.default('1m'),
});

/** Figures of an account over time, per strategy and per day. Without an account: this feed's first. */
@ApiTags('portfolio')
@ApiResponse({ status: 503, description: '`DATABASE_UNAVAILABLE`' })
@Controller('api/v1/portfolio')
export class EquityController {
  constructor(
    private readonly accounts: AccountFinder,
    private readonly samples: EquityRepository,
    private readonly strategies: StrategyPortfolios,
    private readonly tradingDays: TradingDays,
    private readonly auditor: BooksAuditor,
  ) {}

  @Get('equity')
  @ApiOperation({
    summary: 'Equity of an account, or profit of a strategy, over time',
    description: `Measured after every fill and every ten seconds while something is held; older samples are thinned. At most ${MAX_POINTS} points.`,
  })
  @ApiOkResponse({ standardSchema: equityCurveSchema })
  @ApiBadRequestResponse({ description: '`TOO_MANY_POINTS`, `INVALID_INPUT`' })
  @ApiNotFoundResponse({ description: '`ACCOUNT_UNKNOWN`' })
  async equity(
    @Query({ schema: equityQuerySchema }) query: z.output<typeof equityQuerySchema>,
  ): Promise<EquityCurve> {
    const { id, currency } = await this.accounts.find(query.account);
    const { from, to } = this.range(query);
    const { interval, strategy = null } = query;
    const range = { accountId: id, strategy: strategy ?? WHOLE_ACCOUNT, from, to };
    const rows = await this.samples.curve(range, EQUITY_INTERVAL_MS[interval]);
    const points = rows.map(({ at, equity, peak, grossExposure }) => ({
      at: toIso(at.getTime()),
      equity: roundForDisplay(equity),
      drawdown: roundForDisplay(drawdown(equity, peak).amount),
      grossExposure: roundForDisplay(grossExposure),
    }));
    const maxDrawdown = points.length === 0 ? null : Money.max(...points.map(({ drawdown }) => drawdown));
    return {
      accountId: id,
      currency,
      strategy,
      interval,
      maxDrawdown: maxDrawdown && roundForDisplay(maxDrawdown),
      points,
    };
  }

  @Get('strategies')
  @ApiOperation({ summary: 'What each strategy has made of an account' })
  @ApiOkResponse({ standardSchema: z.array(strategyPortfolioSchema) })
  @ApiNotFoundResponse({ description: '`ACCOUNT_UNKNOWN`' })
  async strategiesOf(
    @Query({ schema: accountQuerySchema }) query: z.output<typeof accountQuerySchema>,
  ): Promise<StrategyPortfolio[]> {
    return this.strategies.list(await this.accounts.find(query.account));
  }

  @Get('days')
  @ApiOperation({ summary: "Trading days on the market's clock, newest first, the current one among them" })
  @ApiOkResponse({ standardSchema: z.array(portfolioDaySchema) })
  @ApiNotFoundResponse({ description: '`ACCOUNT_UNKNOWN`' })
  async days(
    @Query({ schema: daysQuerySchema }) { account: id, limit }: z.output<typeof daysQuerySchema>,
  ): Promise<PortfolioDay[]> {
    return this.tradingDays.list(await this.accounts.find(id), limit);
  }

  @Get('check')
  @ApiOperation({
    summary: 'Compares cash, positions and days with the fold of all fills, to the last digit',
  })
  @ApiOkResponse({ standardSchema: booksCheckSchema })
  @ApiNotFoundResponse({ description: '`ACCOUNT_UNKNOWN`' })
  async check(
    @Query({ schema: accountQuerySchema }) query: z.output<typeof accountQuerySchema>,
  ): Promise<BooksCheck> {
    const { id } = await this.accounts.find(query.account);
    return (await this.auditor.check(id)) ?? this.accounts.refuse(id);
  }

  private range(query: z.output<typeof equityQuerySchema>): { from: number; to: number } {
    const to = query.to === undefined ? this.accounts.now() : Date.parse(query.to);
    const from = query.from === undefined ? to - DAY_MS : Date.parse(query.from);
    const points = (to - from) / EQUITY_INTERVAL_MS[query.interval];
    if (points <= MAX_POINTS) return { from, to };
    throw new ProblemException(
      400,
      'TOO_MANY_POINTS',
      `The range holds ${Math.ceil(points)} intervals of ${query.interval}; at most ${MAX_POINTS} are given. Ask for a longer interval or a shorter range.`,
    );
  }
}
