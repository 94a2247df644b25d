import type { MarketPhaseName } from '@tickbridge/contracts';
import { marketPhaseText } from './market-phase';

const closesAt = '2026-11-20T10:00:00.000Z';
const opensAt = '2026-11-23T03:45:00.000Z';

describe('the phase of a market in words', () => {
  it.each<[MarketPhaseName, string | null, string | null, string]>([
    ['normal', closesAt, opensAt, 'open until 20 Nov, 15:30'],
    ['special', null, opensAt, 'special session'],
    ['preOpen', null, opensAt, 'pre-open, opens 23 Nov, 09:15'],
    ['closing', null, opensAt, 'closing session, opens 23 Nov, 09:15'],
    ['closed', null, opensAt, 'closed, opens 23 Nov, 09:15'],
    ['closed', null, null, 'closed'],
    ['unknown', null, null, 'unknown: no calendar for today'],
  ])('%s', (phase, closes, opens, text) => {
    expect(marketPhaseText(phase, { closesAt: closes, opensAt: opens })).toBe(text);
  });
});
