import { hashPassword, verifyPassword } from './password-hash';

describe('password hash', () => {
  it('accepts the password and no other', async () => {
    const hash = await hashPassword('correct horse');
    await expect(verifyPassword('correct horse', hash)).resolves.toBe(true);
    await expect(verifyPassword('correct horsf', hash)).resolves.toBe(false);
    await expect(verifyPassword('', hash)).resolves.toBe(false);
  });

  it('keeps its cost with it and never the password', async () => {
    const hash = await hashPassword('correct horse');
    expect(hash).toMatch(/^scrypt\$32768\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(hash).not.toContain('correct');
  });

  it('differs for equal passwords', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it.each(['', 'x', 'bcrypt$1$2$3$4$5', 'scrypt$32768$8$1$abc', 'scrypt$32768$8$1$abc$'])(
    'accepts nothing for the broken hash "%s"',
    async (stored) => {
      await expect(verifyPassword('anything', stored)).resolves.toBe(false);
    },
  );
});
