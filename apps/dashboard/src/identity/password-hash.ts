import { scrypt, timingSafeEqual } from 'node:crypto';
import { Algorithm, hash, verify } from '@node-rs/argon2';

/** OWASP's recommendation for Argon2id: 19 MiB, two passes, one lane. Stored with each hash, so it can be raised. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`;

/** Memory-hard hash of a password, in the PHC format: `$argon2id$v=19$m=…$salt$hash`. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, { algorithm: Algorithm.Argon2id, ...COST });
}

/** Whether the hash is older than the present way of hashing: make it anew while the password is at hand. */
export function isOutdated(stored: string): boolean {
  return !stored.startsWith(CURRENT);
}

/** Whether the password is the one the hash was made from; false for anything that is no such hash. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  if (stored.startsWith('scrypt$')) return verifyScrypt(password, stored);
  try {
    return await verify(stored, password);
  } catch {
    // No hash of a kind we know: nobody has that password.
    return false;
  }
}

/** Hashes of earlier versions: `scrypt$N$r$p$salt$hash`. */
async function verifyScrypt(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt, expectedText] = stored.split('$');
  if (salt === undefined || expectedText === undefined) return false;
  const expected = Buffer.from(expectedText, 'base64url');
  if (expected.length === 0) return false;
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const actual = await derive(password, Buffer.from(salt, 'base64url'), cost, expected.length);
  return timingSafeEqual(actual, expected);
}

function derive(
  password: string,
  salt: Buffer,
  cost: { N: number; r: number; p: number },
  length: number,
): Promise<Buffer> {
  // Node refuses to use more than 32 MB unless told.
  const options = { ...cost, maxmem: 160 * cost.N * cost.r };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
