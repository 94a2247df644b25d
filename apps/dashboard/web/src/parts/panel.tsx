import type { ReactNode } from 'react';

interface PanelProps {
  title: string;
  /** Area of the grid, and what the phone's tabs show. */
  area: string;
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled part of the page with a scrolling body. */
export function Panel({ title, area, aside, children }: PanelProps) {
  return (
    <section className={`panel panel--${area}`} aria-label={title}>
      <header className="panel__head">
        <h2>{title}</h2>
        {aside}
      </header>
      <div className="panel__body">{children}</div>
    </section>
  );
}
