import { createCipheriv, createDecipheriv } from 'node:crypto';

const TAG_BYTES = 16;
const NONCE = Buffer.alloc(16);

/** How ShareKhan writes a request token: with a `version_id` URL-safe without padding, without one as plain base64. */
export type TokenText = 'base64url' | 'base64';

/** ShareKhan's side of the login cryptography: AES-256-GCM under the app's secret key with a nonce of zeros. */
export class ShareKhanCipher {
  private readonly key: Buffer;

  /** @param secretKey 32 characters, as ShareKhan gives them to an app */
  constructor(secretKey: string) {
    this.key = Buffer.from(secretKey, 'utf8');
  }

  encrypt(text: string, as: TokenText): string {
    const cipher = createCipheriv('aes-256-gcm', this.key, NONCE);
    return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(as);
  }

  /** @returns the text, or `undefined` for anything that was not encrypted under this key */
  decrypt(token: string): string | undefined {
    const data = Buffer.from(token, 'base64');
    if (data.length <= TAG_BYTES) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.key, NONCE, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]).toString(
        'utf8',
      );
    } catch {
      // A forged token is an ordinary visitor of a login.
      return undefined;
    }
  }
}
