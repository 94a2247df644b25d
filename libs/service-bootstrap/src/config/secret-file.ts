import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Secret shared by the services of one installation, kept in `DATA_DIR/secrets` with mode 0600.
 *
 * The first service to need it makes it; services starting at the same moment end up with one and the same.
 *
 * @param bytes length of the random secret before base64
 * @returns base64 text
 */
export function sharedSecret(dataDir: string, name: string, bytes = 32): string {
  const directory = join(dataDir, 'secrets');
  const file = join(directory, name);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) make(file, randomBytes(bytes).toString('base64'));
  if (contentOf(file) === '') fill(file, randomBytes(bytes).toString('base64'));
  chmodSync(file, 0o600);
  return contentOf(file);
}

/** The first line is the secret, whatever follows. */
function contentOf(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n', 1)[0] ?? '';
}

function make(file: string, secret: string): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, secret, { mode: 0o600, flag: 'wx' });
    // A hard link appears whole or not at all, and fails when another service was first.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Gives an empty file, left by a start on a full disk, its secret. The file is never removed: another service may
 * have filled it since, and reads from it what this one must read too. Of several that append, the first line counts.
 */
function fill(file: string, secret: string): void {
  appendFileSync(file, `${secret}\n`);
}
