import { useEffect, useRef, type ReactNode } from 'react';

interface DialogProps {
  title: string;
  /** `wide` for tables. */
  size?: 'narrow' | 'wide';
  onClose: () => void;
  children: ReactNode;
}

/** A modal; Escape and a click beside it close it. */
export function Dialog({ title, size = 'narrow', onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`dialog dialog--${size}`}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div className="dialog__inner">
        <h2>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
