import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { EncryptionKeyError, TokenDecryptionError } from '../contract/shared-cache.errors';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with key rotation: encrypts under the newest key, decrypts under any known one.
 *
 * The text is `v1.<key id>.<base64url of nonce, tag and ciphertext>`. What the text is for (its context) is
 * authenticated with it, so one account's token cannot be passed off as another's.
 */
export class TokenCipher {
  private readonly keysById = new Map<string, Buffer>();
  private readonly newestId: string;

  /**
   * @param keys base64 keys of 32 bytes, newest first
   * @throws EncryptionKeyError when there is none or one is of another length
   */
  constructor(keys: readonly string[]) {
    for (const [index, text] of keys.entries()) {
      const key = Buffer.from(text, 'base64');
      if (key.length !== KEY_BYTES) {
        throw new EncryptionKeyError(
          `TOKEN_ENCRYPTION_KEYS: expected base64 of ${KEY_BYTES} bytes, key ${index + 1} has ${key.length}`,
        );
      }
      this.keysById.set(keyId(key), key);
    }
    const newest = this.keysById.keys().next();
    if (newest.done) throw new EncryptionKeyError('TOKEN_ENCRYPTION_KEYS: expected at least one key');
    this.newestId = newest.value;
  }

  /** Whether a text was encrypted under the newest key. */
  isCurrent(text: string): boolean {
    return text.split('.')[1] === this.newestId;
  }

  encrypt(plaintext: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key(this.newestId), nonce);
    cipher.setAAD(Buffer.from(context));
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    const body = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
    return `v1.${this.newestId}.${body.toString('base64url')}`;
  }

  /** @throws TokenDecryptionError when the key is unknown, the text was altered, or the context is another */
  decrypt(text: string, context: string): string {
    const [version, id = '', body = ''] = text.split('.');
    if (version !== 'v1') throw new TokenDecryptionError('expected a token encrypted by this platform (v1)');
    const data = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.key(id), data.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    try {
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(data.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const head = decipher.update(data.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([head, decipher.final()]).toString('utf8');
    } catch (error) {
      throw new TokenDecryptionError('the stored token was altered or belongs elsewhere', { cause: error });
    }
  }

  private key(id: string): Buffer {
    const key = this.keysById.get(id);
    if (!key) throw new TokenDecryptionError(`no key ${id || '(none)'} in TOKEN_ENCRYPTION_KEYS`);
    return key;
  }
}

/** Public name of a key, so that a text says which one it needs. */
function keyId(key: Buffer): string {
  return createHash('sha256').update('tickbridge token key').update(key).digest('hex').slice(0, 8);
}
