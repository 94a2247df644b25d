import type { Role } from '@tickbridge/contracts';
import { useSyncExternalStore } from 'react';

export type PageName =
  'desk' | 'orders' | 'portfolio' | 'strategies' | 'backtests' | 'account' | 'users' | 'audit';

export const PAGES: readonly (readonly [PageName, string])[] = [
  ['desk', 'Desk'],
  ['orders', 'Orders'],
  ['portfolio', 'Portfolio'],
  ['strategies', 'Strategies'],
  ['backtests', 'Backtests'],
  ['account', 'Account'],
  ['users', 'Users'],
  ['audit', 'Audit'],
];

const FOR_ADMINS: ReadonlySet<PageName> = new Set(['users', 'audit']);

/** The pages somebody of this role has a use for. */
export function pagesFor(role: Role | undefined): typeof PAGES {
  return PAGES.filter(([name]) => role === 'admin' || !FOR_ADMINS.has(name));
}

/** The page that an address names after its hash; the desk when it names none. */
export function pageOf(hash: string): PageName {
  const name = hash.replace(/^#\/?/, '');
  return PAGES.find(([known]) => known === name)?.[0] ?? 'desk';
}

/** The page in sight: part of the address, so that it can be kept, shared and gone back to. */
export function usePage(): PageName {
  return useSyncExternalStore(
    (changed) => {
      addEventListener('hashchange', changed);
      return () => removeEventListener('hashchange', changed);
    },
    () => pageOf(location.hash),
  );
}
