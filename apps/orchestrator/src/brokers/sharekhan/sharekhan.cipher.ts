import { createCipheriv, createDecipheriv } from 'node:crypto';

const KEY_BYTES = 32;
const TAG_BYTES = 16;
/** ShareKhan's choice, not ours. */
const NONCE = Buffer.alloc(16);

/** The request token was not made by ShareKhan for this app, or was altered on the way. */
export class RequestTokenError extends Error {
  override readonly name = 'RequestTokenError';
  readonly code = 'REQUEST_TOKEN_INVALID';
}

/** What an exchange needs of a request token. */
export interface SwappedRequest {
  /** `customerId|requestId`, encrypted again. */
  readonly requestToken: string;
  readonly customerId: string;
}

/**
 * Turns the request token of the login page into what the exchange wants: decrypts `requestId|customerId` and encrypts
 * the two the other way round. AES-256-GCM under the secret key; the tag is verified.
 *
 * @param versioned with a `version_id` tokens are URL-safe base64 without padding, without one plain base64
 * @throws RequestTokenError for a token that cannot be verified
 */
export function swapRequestToken(token: string, secretKey: string, versioned = true): SwappedRequest {
  const key = Buffer.from(secretKey, 'utf8');
  if (key.length !== KEY_BYTES) throw new RequestTokenError(`expected a secret key of ${KEY_BYTES} bytes`);
  // On its way through an address bar a plus becomes a space.
  const text = decrypt(Buffer.from(token.trim().replaceAll(' ', '+'), 'base64'), key);
  const [requestId, customerId, ...more] = text.split('|');
  if (!requestId || !customerId || more.length > 0) {
    throw new RequestTokenError('expected a request id and a customer id in the request token');
  }
  const swapped = encrypt(`${customerId}|${requestId}`, key);
  return { requestToken: swapped.toString(versioned ? 'base64url' : 'base64'), customerId };
}

function encrypt(text: string, key: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, NONCE);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(data: Buffer, key: Buffer): string {
  if (data.length <= TAG_BYTES) throw new RequestTokenError('the request token is too short to be one');
  const decipher = createDecipheriv('aes-256-gcm', key, NONCE, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  try {
    const head = decipher.update(data.subarray(0, -TAG_BYTES));
    return Buffer.concat([head, decipher.final()]).toString('utf8');
  } catch (error) {
    throw new RequestTokenError('the request token was altered, or was made for another app', {
      cause: error,
    });
  }
}
