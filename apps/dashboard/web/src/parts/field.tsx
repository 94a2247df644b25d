import type { ReactNode } from 'react';

interface FieldProps {
  label: string;
  /** Why what stands here was refused. */
  message?: string | undefined;
  hint?: string | undefined;
  /** Takes a row of its own. */
  whole?: boolean;
  children: ReactNode;
}

/** An input with its label, and what is wrong with it. */
export function Field({ label, message, hint, whole = false, children }: FieldProps) {
  return (
    <label
      className={`field ${message === undefined ? '' : 'field--refused'} ${whole ? 'settings__whole' : ''}`}
    >
      <span>{label}</span>
      {children}
      {message !== undefined && (
        <em className="field__message" role="alert">
          {message}
        </em>
      )}
      {message === undefined && hint !== undefined && <em className="field__hint">{hint}</em>}
    </label>
  );
}
