import type { Portfolio } from '@tickbridge/contracts';
import { ABSENT, directionOf, formatCount, formatMoney } from '../format/numbers';
import type { Known } from '../live/known-parts';
import { Past } from '../parts/past';

interface PortfolioStripProps {
  portfolios: Known<readonly Portfolio[]>;
  loading: boolean;
}

/** Money at a glance: one row of figures per account; dimmed with its age when it is not current. */
export function PortfolioStrip({ portfolios: known, loading }: PortfolioStripProps) {
  const portfolios = known.value;
  if (portfolios === null || portfolios.length === 0) {
    const why = loading ? 'Loading the portfolio' : 'The orchestrator does not answer: no portfolio';
    return (
      <section className="portfolio" aria-label="Portfolio">
        <Figure label="Equity" value={ABSENT} />
        <Figure label="Cash" value={ABSENT} />
        <span className="portfolio__why">{portfolios?.length === 0 ? 'No account is enabled' : why}</span>
      </section>
    );
  }
  return (
    <section className={`portfolio ${known.current ? '' : 'past'}`} aria-label="Portfolio">
      {!known.current && known.at !== null && <Past at={known.at} />}
      {portfolios.map((portfolio) => (
        <Account key={portfolio.accountId} portfolio={portfolio} />
      ))}
    </section>
  );
}

function Account({ portfolio }: { portfolio: Portfolio }) {
  const { accountId, currency, equity, cash, realizedProfit, unrealizedProfit, fees } = portfolio;
  return (
    <div className="portfolio__account">
      <Figure label={`Equity (${currency})`} value={formatMoney(equity)} strong />
      <Figure label="Cash" value={formatMoney(cash)} />
      <Profit label="Realised" money={realizedProfit} />
      <Profit label="Unrealised" money={unrealizedProfit} />
      <Figure label="Fees" value={formatMoney(fees)} />
      <Figure label="Gross exposure" value={formatMoney(portfolio.grossExposure)} />
      <Figure label="Net exposure" value={formatMoney(portfolio.netExposure, true)} />
      <Figure label="Open positions" value={formatCount(portfolio.openPositions)} />
      <Figure label="Account" value={accountId} />
    </div>
  );
}

function Figure({ label, value, strong = false }: { label: string; value: string; strong?: boolean }) {
  return (
    <div className={`figure ${strong ? 'figure--strong' : ''}`}>
      <span className="figure__label">{label}</span>
      <span className="figure__value">{value}</span>
    </div>
  );
}

function Profit({ label, money }: { label: string; money: string | null }) {
  const direction = directionOf(money === null ? null : Number(money));
  return (
    <div className="figure">
      <span className="figure__label">{label}</span>
      <span className={`figure__value change--${direction}`}>{formatMoney(money, true)}</span>
    </div>
  );
}
