import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Folder with one sub-folder of migrations per schema.
 *
 * It lies beside the bundle of a built service and two levels up in the sources; the working directory does not
 * matter.
 *
 * @throws Error naming every place that was tried
 */
export function migrationsDirectory(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [
    join(here, 'migrations'),
    join(here, '..', 'migrations'),
    join(here, '..', '..', 'migrations'),
  ];
  const found = candidates.find((candidate) =>
    existsSync(join(candidate, 'trading', 'meta', '_journal.json')),
  );
  if (found !== undefined) return found;
  throw new Error(`no migrations found in ${candidates.join(', ')}`);
}
