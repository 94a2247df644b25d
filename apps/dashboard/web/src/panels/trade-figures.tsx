import type { TradeStatistics } from '@tickbridge/contracts';
import { ABSENT, formatCount, formatMoney, formatPercent, formatRate } from '../format/numbers';
import { formatSpan } from '../format/time';
import { Figure, ProfitFigure } from '../parts/figure';

/** What round trips came to. */
export function TradeFigures({ trades }: { trades: TradeStatistics }) {
  return (
    <>
      <Figure label="Round trips" value={formatCount(trades.trades)} />
      <Figure label="Won" value={wonOf(trades)} />
      <Figure label="Profit factor" value={formatFactor(trades.profitFactor)} />
      <ProfitFigure label="Expectancy" money={trades.expectancy} />
      <ProfitFigure label="Average win" money={trades.averageWin} />
      <ProfitFigure label="Average loss" money={trades.averageLoss} />
      <Figure label="Average holding" value={formatSpan(trades.averageHoldingMs)} />
      <Figure label="Best / worst on the way" value={excursionsOf(trades)} />
    </>
  );
}

/** `2 of 6, 33.3%`: a rate of few says little by itself. */
export function wonOf({ wins, trades, winRate }: TradeStatistics): string {
  return winRate === null ? ABSENT : `${formatCount(wins)} of ${formatCount(trades)}, ${formatRate(winRate)}`;
}

export function formatFactor(factor: number | null): string {
  return factor === null ? ABSENT : factor.toFixed(2);
}

/** Means of how far the price went for and against a position. */
export function excursionsOf(trades: TradeStatistics): string {
  const { averageBestExcursionPercent: best, averageWorstExcursionPercent: worst } = trades;
  return best === null || worst === null ? ABSENT : `${formatPercent(best)} / ${formatPercent(worst)}`;
}

/** Money as a cell, coloured by its sign. */
export function averageMoney(money: string | null): string {
  return money === null ? ABSENT : formatMoney(money, true);
}
