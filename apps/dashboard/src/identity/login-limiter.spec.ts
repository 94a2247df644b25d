import { ProblemException } from '@tickbridge/service-bootstrap';
import { LoginLimiter } from './login-limiter';

describe('login limiter', () => {
  const refusal = (limiter: LoginLimiter, address: string, user: string) =>
    limiter.take(address, user).then(
      () => undefined,
      (error: unknown) => error as ProblemException,
    );

  it('locks a pair of address and user after five wrong passwords, however the name is written', async () => {
    const limiter = new LoginLimiter();
    for (const name of ['admin', 'Admin', 'ADMIN', 'admin', 'admin']) {
      expect(await refusal(limiter, '10.0.0.1', name)).toBeUndefined();
    }
    const problem = await refusal(limiter, '10.0.0.1', 'admin');
    expect(problem?.getStatus()).toBe(429);
    expect(Number(problem?.headers['retry-after'])).toBeGreaterThan(800);
  });

  it('does not lock the user out from elsewhere', async () => {
    const limiter = new LoginLimiter();
    for (let attempt = 0; attempt < 6; attempt++) await refusal(limiter, '10.0.0.1', 'admin');
    expect(await refusal(limiter, '10.0.0.2', 'admin')).toBeUndefined();
  });

  it('limits an address that tries many names', async () => {
    const limiter = new LoginLimiter();
    for (let attempt = 0; attempt < 30; attempt++) {
      expect(await refusal(limiter, '10.0.0.1', `user${attempt}`)).toBeUndefined();
    }
    expect((await refusal(limiter, '10.0.0.1', 'somebody'))?.code).toBe('TOO_MANY_ATTEMPTS');
  });

  it('forgets the attempts of a pair after a success', async () => {
    const limiter = new LoginLimiter();
    for (let round = 0; round < 8; round++) {
      expect(await refusal(limiter, '10.0.0.1', 'admin')).toBeUndefined();
      await limiter.giveBack('10.0.0.1', 'admin');
    }
  });
});
