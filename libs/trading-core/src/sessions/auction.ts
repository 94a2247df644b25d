import type { Bar } from '@tickbridge/contracts';
import type { SessionCalendar } from './session-calendar';

/** Whether a bar is of the auction before or after continuous trading, when no order of ours can meet its price. */
export function isAuction(calendar: SessionCalendar, { openTime }: Pick<Bar, 'openTime'>): boolean {
  const { phase } = calendar.phaseAt(openTime);
  return phase === 'preOpen' || phase === 'closing';
}
