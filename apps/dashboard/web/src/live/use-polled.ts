import { useCallback, useEffect, useRef, useState } from 'react';
import { getJson } from './api';

/** An answer that is read again and again; the last good one stays while a later one fails. */
export interface Polled<T> {
  data: T | null;
  error: string | null;
  /** True until the first answer or failure. */
  loading: boolean;
  reload: () => void;
}

/** Reads a path every `intervalMs`, and not at all while nobody looks at the page. */
export function usePolled<T>(path: string, intervalMs: number, onData?: (data: T) => void): Polled<T> {
  const [state, setState] = useState<Omit<Polled<T>, 'reload'>>({ data: null, error: null, loading: true });
  const [turn, setTurn] = useState(0);
  const deliver = useRef(onData);
  deliver.current = onData;

  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      try {
        const data = await getJson<T>(path, stop.signal);
        if (stop.signal.aborted) return;
        setState({ data, error: null, loading: false });
        deliver.current?.(data);
      } catch (error) {
        if (stop.signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        setState(({ data }) => ({ data, error: message, loading: false }));
      }
    };
    void read();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void read();
    }, intervalMs);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [path, intervalMs, turn]);

  const reload = useCallback(() => setTurn((count) => count + 1), []);
  return { ...state, reload };
}
