import { Controller } from '@nestjs/common';
import {
  type BooksCheck,
  type EndpointInput,
  EQUITY_INTERVAL_MS,
  type EquityCurve,
  type PortfolioDay,
  type StrategyPortfolio,
  toIso,
} from '@tickbridge/contracts';
import { Input, ProblemException, Serve } from '@tickbridge/service-bootstrap';
import { drawdown, Money, money } from '@tickbridge/trading-core';
import { AccountFinder } from './account-finder';
import { BooksAuditor } from './books.auditor';
import { EquityRepository, WHOLE_ACCOUNT } from './equity.repository';
import { roundForDisplay } from './round-for-display';
import { StrategyPortfolios } from './strategy-portfolios';
import { TradingDays } from './trading-days';

const DAY_MS = 86_400_000;
const MAX_POINTS = 10_000;

/** Figures of an account over time, per strategy and per day. Without an account: this feed's first. */
@Controller()
export class EquityController {
  constructor(
    private readonly accounts: AccountFinder,
    private readonly samples: EquityRepository,
    private readonly strategies: StrategyPortfolios,
    private readonly tradingDays: TradingDays,
    private readonly auditor: BooksAuditor,
  ) {}

  @Serve('GET /api/v1/portfolio/equity')
  async equity(@Input() { query }: EndpointInput<'GET /api/v1/portfolio/equity'>): Promise<EquityCurve> {
    const { id, currency } = await this.accounts.find(query.account);
    const { from, to } = this.range(query);
    const { interval, strategy = null } = query;
    const range = { accountId: id, strategy: strategy ?? WHOLE_ACCOUNT, from, to };
    const rows = await this.samples.curve(range, EQUITY_INTERVAL_MS[interval]);
    const points = rows.map(({ at, equity, peak, paidIn, grossExposure }) => ({
      at: toIso(at.getTime()),
      equity: roundForDisplay(equity),
      drawdown: roundForDisplay(drawdown(money(equity).minus(paidIn), peak).amount),
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

  @Serve('GET /api/v1/portfolio/strategies')
  async strategiesOf(
    @Input() { query }: EndpointInput<'GET /api/v1/portfolio/strategies'>,
  ): Promise<StrategyPortfolio[]> {
    return this.strategies.list(await this.accounts.find(query.account));
  }

  @Serve('GET /api/v1/portfolio/days')
  async days(
    @Input() { query: { account: id, limit } }: EndpointInput<'GET /api/v1/portfolio/days'>,
  ): Promise<PortfolioDay[]> {
    return this.tradingDays.list(await this.accounts.find(id), limit);
  }

  @Serve('GET /api/v1/portfolio/check')
  async check(@Input() { query }: EndpointInput<'GET /api/v1/portfolio/check'>): Promise<BooksCheck> {
    const { id } = await this.accounts.find(query.account);
    return (await this.auditor.check(id)) ?? this.accounts.refuse(id);
  }

  private range(query: EndpointInput<'GET /api/v1/portfolio/equity'>['query']): { from: number; to: number } {
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
