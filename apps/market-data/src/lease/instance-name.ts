import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

const name = `${hostname()}/${process.pid}-${randomBytes(3).toString('hex')}`;

/** This process, in words: says where to look for it, and is never used twice. */
export function instanceName(): string {
  return name;
}
