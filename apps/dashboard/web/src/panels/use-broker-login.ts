import type { BrokerLogin } from '@tickbridge/contracts';
import { useCallback, useState } from 'react';
import { getJson } from '../live/api';

/** Takes the browser to the broker's login page; from there it comes back to `/broker-login`. */
export function useBrokerLogin(accountId: string) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const begin = useCallback(() => {
    setBusy(true);
    setProblem(null);
    getJson<BrokerLogin>(`/accounts/${accountId}/login`)
      .then(({ url }) => location.assign(url))
      .catch((error: unknown) => {
        setProblem(error instanceof Error ? error.message : String(error));
        setBusy(false);
      });
  }, [accountId]);
  return { begin, busy, problem };
}
