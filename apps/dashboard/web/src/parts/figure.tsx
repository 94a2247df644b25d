import { directionOf, formatMoney } from '../format/numbers';

interface FigureProps {
  label: string;
  value: string;
  strong?: boolean;
  tone?: 'up' | 'down' | 'flat';
}

/** A number with its name. */
export function Figure({ label, value, strong = false, tone }: FigureProps) {
  return (
    <div className={`figure ${strong ? 'figure--strong' : ''}`}>
      <span className="figure__label">{label}</span>
      <span className={`figure__value ${tone === undefined ? '' : `change--${tone}`}`}>{value}</span>
    </div>
  );
}

/** Money gained or lost, with its sign and colour. */
export function ProfitFigure({ label, money }: { label: string; money: string | null }) {
  const tone = directionOf(money === null ? null : Number(money));
  return <Figure label={label} value={formatMoney(money, true)} tone={tone} />;
}
