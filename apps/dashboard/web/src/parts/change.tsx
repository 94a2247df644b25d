import { ABSENT, directionOf, formatPercent } from '../format/numbers';

const ARROWS = { up: '▲', down: '▼', flat: '·' } as const;

/** A change in percent; colour and arrow say the same. */
export function Change({ percent }: { percent: number | null | undefined }) {
  if (percent === null || percent === undefined) return <span className="change--flat">{ABSENT}</span>;
  const direction = directionOf(percent);
  return (
    <span className={`change change--${direction}`}>
      <span aria-hidden="true" className="change__arrow">
        {ARROWS[direction]}
      </span>
      {formatPercent(percent)}
    </span>
  );
}
