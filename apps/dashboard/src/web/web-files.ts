import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file of the web UI, ready to be sent. */
export interface WebFile {
  /** Address below the root, `/assets/main-abc123.js`. */
  path: string;
  body: Buffer;
  type: string;
  etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Every file of the built web UI, read once: a handful of files, and no path from outside ever reaches the
 * file system. Kinds that no page needs (source maps) are left out.
 */
export function readWebFiles(directory: string): WebFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const body = readFileSync(file);
      return {
        path: file.slice(directory.length).replaceAll('\\', '/'),
        body,
        type: TYPES[extname(entry.name)] as string,
        etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      };
    });
}
