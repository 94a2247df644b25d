import { PAGES, type PageName } from '../pages/pages';

/** From the desk to the pages and back. */
export function PageNav({ page }: { page: PageName }) {
  return (
    <nav className="page-nav" aria-label="Pages">
      {PAGES.map(([name, title]) => (
        <a key={name} href={`#/${name}`} aria-current={page === name ? 'page' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}
