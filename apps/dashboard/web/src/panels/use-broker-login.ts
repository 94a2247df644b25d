import { useCallback, useState } from 'react';
import { read } from '../live/api';

/** Takes the browser to the broker's login page; from there it comes back to `/broker-login`. */
export function useBrokerLogin(accountId: string) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const begin = useCallback(() => {
    setBusy(true);
    setProblem(null);
    read('GET /api/v1/accounts/:id/login', { params: { id: accountId } })
      .then(({ url }) => location.assign(url))
      .catch((error: unknown) => {
        setProblem(error instanceof Error ? error.message : String(error));
        setBusy(false);
      });
  }, [accountId]);
  return { begin, busy, problem };
}
