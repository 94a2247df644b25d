import { useCallback, useEffect, useRef, useState } from 'react';
import { getJson } from './api';
import { Poll, UNREAD, type PollState } from './poll';

/** An answer that is read again and again; the last good one stays while a later one fails. */
export interface Polled<T> extends PollState<T> {
  reload: () => void;
}

/** Reads a path every `intervalMs`, and not at all while nobody looks at the page, or while the path is `null`. */
export function usePolled<T>(path: string | null, intervalMs: number, onData?: (data: T) => void): Polled<T> {
  const [state, setState] = useState<PollState<T>>(UNREAD);
  const [turn, setTurn] = useState(0);
  const latest = useRef<PollState<T>>(UNREAD);
  const deliver = useRef(onData);
  deliver.current = onData;

  useEffect(() => {
    if (path === null) return;
    const poll = new Poll<T>(
      {
        read: (signal) => getJson<T>(path, signal),
        intervalMs,
        wanted: () => document.visibilityState === 'visible',
        onChange: (next) => {
          const answered = next.answeredAt !== latest.current.answeredAt;
          latest.current = next;
          setState(next);
          if (answered && next.data !== null) deliver.current?.(next.data);
        },
      },
      latest.current,
    );
    poll.start();
    return () => poll.stop();
  }, [path, intervalMs, turn]);

  const reload = useCallback(() => setTurn((count) => count + 1), []);
  useEffect(() => {
    const onSight = () => {
      if (document.visibilityState === 'visible') reload();
    };
    document.addEventListener('visibilitychange', onSight);
    return () => document.removeEventListener('visibilitychange', onSight);
  }, [reload]);
  return { ...state, reload };
}
