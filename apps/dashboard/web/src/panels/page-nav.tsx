import type { Role } from '@tickbridge/contracts';
import { pagesFor, type PageName } from '../navigation/pages';

/** From the desk to the pages and back. */
export function PageNav({ page, role }: { page: PageName; role: Role | undefined }) {
  return (
    <nav className="page-nav" aria-label="Pages">
      {pagesFor(role).map(([name, title]) => (
        <a key={name} href={`#/${name}`} aria-current={page === name ? 'page' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}
