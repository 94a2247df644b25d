import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { LiveState, LiveStore } from './live.store';

export const LiveContext = createContext<LiveStore | null>(null);

/** What the live stream brought so far; renders again with each change. */
export function useLive(): LiveState {
  const store = useContext(LiveContext);
  if (store === null) throw new Error('LiveContext is missing above this component');
  return useSyncExternalStore(store.subscribe, store.snapshot);
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
