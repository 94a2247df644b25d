import type { SystemStatus } from '@tickbridge/contracts';
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { LiveState, LiveStore } from './live.store';

export const LiveContext = createContext<LiveStore | null>(null);

/** A part of what the live stream brought so far; renders again when that part has changed. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => select(store.snapshot()));
}

function useStore(): LiveStore {
  const store = useContext(LiveContext);
  if (store === null) throw new Error('LiveContext is missing above this component');
  return store;
}

/** The stream brings the state of the system every two seconds; without any news for this long (ms) it is silent. */
const SILENT_AFTER_MS = 6_000;

/** State of the system as just measured; `null` when the last news of it is old. */
export function useSystem(): SystemStatus | null {
  const system = useLive((live) => live.system);
  const systemAt = useLive((live) => live.systemAt);
  useServerTime();
  return systemAt !== null && Date.now() - systemAt < SILENT_AFTER_MS ? system : null;
}

/** Since when prices on the page are past, because the stream is lost or brings nothing; `null` while they are live. */
export function useSilence(): { since: number | null } | null {
  const store = useStore();
  const lost = useLive(({ connected }) => connected === false);
  useEverySecond();
  const { heardAt } = store.snapshot();
  const silent = lost || (heardAt !== null && Date.now() - heardAt > SILENT_AFTER_MS);
  return silent ? { since: heardAt } : null;
}

/** The server's time now (ms since 1970), once a second: for ages. */
export function useServerTime(): number {
  const store = useStore();
  useEverySecond();
  return Date.now() + store.snapshot().clockOffset;
}

/** Renders again once a second. */
function useEverySecond(): void {
  const [, setTurns] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurns((turns) => turns + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
}
