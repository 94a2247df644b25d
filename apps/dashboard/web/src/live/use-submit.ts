import { useCallback, useState } from 'react';
import { ApiError } from './api';

/** What became of the last submission of a form. */
export interface Submission {
  busy: boolean;
  /** Why it was refused; `null` when it was not. */
  problem: string | null;
  /** Message for a field, by its path in the request. */
  messageFor: (field: string) => string | undefined;
  /** Runs the action; its refusal is shown, not thrown. @returns whether it succeeded */
  submit: (action: () => Promise<unknown>) => Promise<boolean>;
}

/** One form: busy while it is sent, then what the service said. */
export function useSubmit(): Submission {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);

  const submit = useCallback(async (action: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await action();
      return true;
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);

  const fields = error instanceof ApiError ? error.fields : [];
  return {
    busy,
    problem: error?.message ?? null,
    messageFor: (field) => fields.find((one) => one.field === field)?.message,
    submit,
  };
}
