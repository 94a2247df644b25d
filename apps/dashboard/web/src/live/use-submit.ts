import { useCallback, useRef, useState } from 'react';
import { ApiError } from './api';

/** What became of the last submission of a form. */
export interface Submission {
  busy: boolean;
  /** Why it was refused; `null` when it was not. */
  problem: string | null;
  /** The code of the refusal; `null` where there is none. */
  code: string | null;
  /** Message for a field, by its path in the request. */
  messageFor: (field: string) => string | undefined;
  /** Runs the action; its refusal is shown, not thrown; nothing runs while one is under way. @returns whether it succeeded */
  submit: (action: () => Promise<unknown>) => Promise<boolean>;
}

/** One form: busy while it is sent, then what the service said. */
export function useSubmit(): Submission {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  const running = useRef(false);
  const submit = useCallback(async (action: () => Promise<unknown>) => {
    // A second click may come before the button is drawn anew.
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setError(null);
    try {
      await action();
      return true;
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);

  const fields = error instanceof ApiError ? error.fields : [];
  return {
    busy,
    problem: error?.message ?? null,
    code: error instanceof ApiError ? error.code : null,
    messageFor: (field) => fields.find((one) => one.field === field)?.message,
    submit,
  };
}
