import type { ReactNode } from 'react';

interface NoteProps {
  kind: 'loading' | 'empty' | 'error';
  children: ReactNode;
}

/** What stands where there is nothing to show, and why. */
export function Note({ kind, children }: NoteProps) {
  return (
    <p className={`note note--${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      {children}
    </p>
  );
}
