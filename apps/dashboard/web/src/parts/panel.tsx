import type { ReactNode } from 'react';
import { Past } from './past';

interface PanelProps {
  title: string;
  /** Area of the grid, and what the phone's tabs show. */
  area: string;
  aside?: ReactNode;
  /** When its content was read, once that is past: it is then dimmed and its age told. */
  pastSince?: number | null | undefined;
  children: ReactNode;
}

/** A titled part of the page with a scrolling body. */
export function Panel({ title, area, aside, pastSince = null, children }: PanelProps) {
  return (
    <section className={`panel panel--${area}`} aria-label={title}>
      <header className="panel__head">
        <h2>{title}</h2>
        {pastSince === null ? aside : <Past at={pastSince} />}
      </header>
      <div className={`panel__body ${pastSince === null ? '' : 'past'}`}>{children}</div>
    </section>
  );
}
