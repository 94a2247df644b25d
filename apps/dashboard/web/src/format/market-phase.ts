import type { MarketPhaseName } from '@tickbridge/contracts';
import { formatDateTime } from './time';

const WORDS: Record<MarketPhaseName, string> = {
  preOpen: 'pre-open',
  normal: 'open',
  special: 'special session',
  closing: 'closing session',
  closed: 'closed',
  unknown: 'unknown: no calendar for today',
};

/** What a market does, until when or from when on: `open until 20 Nov, 15:30`, `closed, opens 23 Nov, 09:15`. */
export function marketPhaseText(
  phase: MarketPhaseName,
  { closesAt, opensAt }: { closesAt: string | null; opensAt: string | null },
): string {
  const word = WORDS[phase];
  if (phase === 'normal' || phase === 'special') {
    return closesAt === null ? word : `${word} until ${formatDateTime(closesAt)}`;
  }
  return opensAt === null ? word : `${word}, opens ${formatDateTime(opensAt)}`;
}
