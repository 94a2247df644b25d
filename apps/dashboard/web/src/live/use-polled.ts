import { useCallback, useEffect, useRef, useState } from 'react';
import type { EndpointAnswer, EndpointRequest } from '@tickbridge/contracts';
import { addressOf } from './address';
import { read, type Reading } from './api';
import { Poll, UNREAD, type PollState } from './poll';

/** An answer that is read again and again; the last good one stays while a later one fails. */
export interface Polled<T> extends PollState<T> {
  reload: () => void;
}

/**
 * Asks the dashboard for something every `intervalMs`, and not at all while nobody looks at the page, or while `asked` is
 * `null`.
 */
export function usePolled<Name extends Reading>(
  name: Name,
  asked: EndpointRequest<Name> | null,
  intervalMs: number,
  onData?: (data: EndpointAnswer<Name>) => void,
): Polled<EndpointAnswer<Name>> {
  type T = EndpointAnswer<Name>;
  const [state, setState] = useState<PollState<T>>(UNREAD);
  const [turn, setTurn] = useState(0);
  const latest = useRef<PollState<T>>(UNREAD);
  const deliver = useRef(onData);
  deliver.current = onData;
  const question = useRef(asked);
  question.current = asked;
  // Each rendering makes the question anew; what it asks for is the same as long as this is.
  const path = asked === null ? null : addressOf(name, asked).path;

  useEffect(() => {
    const { current } = question;
    if (path === null || current === null) return;
    const poll = new Poll<T>(
      {
        read: (signal) => read(name, current, signal),
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
  }, [name, path, intervalMs, turn]);

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
