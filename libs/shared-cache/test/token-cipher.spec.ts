import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { EncryptionKeyError, TokenDecryptionError } from '../src/contract/shared-cache.errors';
import { TokenCipher } from '../src/token-store/token-cipher';

const key = () => randomBytes(32).toString('base64');

describe('TokenCipher', () => {
  it('gives back what it encrypted, for any text and context', () => {
    const cipher = new TokenCipher([key()]);
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, context) => {
        expect(cipher.decrypt(cipher.encrypt(text, context), context)).toBe(text);
      }),
    );
  });

  it('never writes the same text twice', () => {
    const cipher = new TokenCipher([key()]);
    expect(cipher.encrypt('secret', 'a')).not.toBe(cipher.encrypt('secret', 'a'));
  });

  it('refuses a text of another account', () => {
    const cipher = new TokenCipher([key()]);
    const text = cipher.encrypt('secret', 'token:paper:PAPER_TRADER_001');
    expect(() => cipher.decrypt(text, 'token:paper:MASTER_USER_001')).toThrow(TokenDecryptionError);
  });

  it('refuses a text with any byte changed', () => {
    const cipher = new TokenCipher([key()]);
    const text = cipher.encrypt('secret', 'a');
    const [version, id, body = ''] = text.split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => cipher.decrypt(`${version}.${id}.${altered.toString('base64url')}`, 'a')).toThrow(
        TokenDecryptionError,
      );
    }
  });

  it('reads texts of an older key after rotation and writes under the newest', () => {
    const [older, newer] = [key(), key()];
    const before = new TokenCipher([older]).encrypt('secret', 'a');
    const rotated = new TokenCipher([newer, older]);
    expect(rotated.decrypt(before, 'a')).toBe('secret');
    expect(new TokenCipher([newer]).decrypt(rotated.encrypt('secret', 'a'), 'a')).toBe('secret');
    expect(() => new TokenCipher([newer]).decrypt(before, 'a')).toThrow(/no key/);
  });

  it.each([[[]], [['short']], [[randomBytes(16).toString('base64')]]])('refuses the keys %j', (keys) => {
    expect(() => new TokenCipher(keys)).toThrow(EncryptionKeyError);
  });
});
