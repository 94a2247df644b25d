import { hashPassword, isOutdated, verifyPassword } from './password-hash';

/** "correct horse" as the version before hashed it. */
const SCRYPT = 'scrypt$32768$8$1$AAAAAAAAAAAAAAAAAAAAAA$Y8MYoqnX4lWGWuAOv64MBPfBINQKVV0WkGusAfOtPo4';

describe('password hash', () => {
  it('accepts the password and no other', async () => {
    const hash = await hashPassword('correct horse');
    await expect(verifyPassword('correct horse', hash)).resolves.toBe(true);
    await expect(verifyPassword('correct horsf', hash)).resolves.toBe(false);
    await expect(verifyPassword('', hash)).resolves.toBe(false);
  });

  it('is Argon2id at the recommended cost, with its cost in it and never the password', async () => {
    const hash = await hashPassword('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(isOutdated(hash)).toBe(false);
  });

  it('differs for equal passwords', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it('still accepts hashes of earlier versions, and knows that they are outdated', async () => {
    await expect(verifyPassword('correct horse', SCRYPT)).resolves.toBe(true);
    await expect(verifyPassword('correct horsf', SCRYPT)).resolves.toBe(false);
    expect(isOutdated(SCRYPT)).toBe(true);
  });

  it.each([
    '',
    'x',
    'bcrypt$1$2$3$4$5',
    'scrypt$32768$8$1$abc',
    'scrypt$32768$8$1$abc$',
    '$argon2id$v=19$m=1$x',
  ])('accepts nothing for the broken hash "%s"', async (stored) => {
    await expect(verifyPassword('anything', stored)).resolves.toBe(false);
  });
});
