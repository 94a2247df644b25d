import type { DashboardUnified } from '@tickbridge/contracts';
import type { Polled } from '../live/use-polled';

/** Why a list is empty. */
export function listNote(
  page: Polled<DashboardUnified>,
  part: 'orders' | 'positions' | 'signals',
  nothing: string,
) {
  if (page.loading) return { kind: 'loading', text: `Loading ${part}.` } as const;
  if (page.data === null || !page.current)
    return { kind: 'error', text: page.error ?? 'No answer.' } as const;
  if (page.data[part] === null)
    return { kind: 'error', text: `The orchestrator does not answer: no ${part}.` } as const;
  return { kind: 'empty', text: nothing } as const;
}
