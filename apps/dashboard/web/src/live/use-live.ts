import type { SystemStatus } from '@tickbridge/contracts';
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { LiveState, LiveStore } from './live.store';

export const LiveContext = createContext<LiveStore | null>(null);

/** What the live stream brought so far; renders again with each change. */
export function useLive(): LiveState {
  const store = useContext(LiveContext);
  if (store === null) throw new Error('LiveContext is missing above this component');
  return useSyncExternalStore(store.subscribe, store.snapshot);
}

/** The stream brings the state of the system every two seconds; without any news for this long (ms) it is silent. */
const SILENT_AFTER_MS = 6_000;

/** State of the system as just measured; `null` when the last news of it is old. */
export function useSystem(): SystemStatus | null {
  const { system, systemAt } = useLive();
  useServerTime();
  return systemAt !== null && Date.now() - systemAt < SILENT_AFTER_MS ? system : null;
}

/** Whether prices on the page are past: the stream is lost, or brings nothing. */
export function useSilence(): boolean {
  const { connected, heardAt } = useLive();
  useServerTime();
  if (connected === false) return true;
  return heardAt !== null && Date.now() - heardAt > SILENT_AFTER_MS;
}

/** The server's time now (ms since 1970), once a second: for ages. */
export function useServerTime(): number {
  const { clockOffset } = useLive();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(now, Date.now()) + clockOffset;
}
