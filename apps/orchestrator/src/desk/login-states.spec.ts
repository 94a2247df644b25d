import { randomBytes } from 'node:crypto';
import { LOGIN_LIFE_MS, LoginStates } from './login-states';

const key = () => randomBytes(32).toString('base64');
const NOW = Date.parse('2026-11-20T04:00:00Z');

describe('the state of a login', () => {
  const keys = [key()];
  const states = new LoginStates(keys);

  it('tells the account and the time, to any process with the key', () => {
    const state = states.begin('MASTER_USER_001', 'session', NOW);
    const login = { accountId: 'MASTER_USER_001', begunAt: NOW };
    expect(new LoginStates([key(), ...keys]).accept(state, 'session', NOW + 1)).toEqual(login);
    expect(encodeURIComponent(state)).toBe(state);
  });

  it.each([
    ['of another session', (state: string) => [state, 'other'] as const],
    ['with another account', (state: string) => [state.replace('MASTER', 'PASTER'), 'session'] as const],
    ['with an altered signature', (state: string) => [`${state.slice(0, -2)}AA`, 'session'] as const],
    ['that is none', () => ['12345', 'session'] as const],
  ])('refuses one %s', (_, change) => {
    const [state, session] = change(states.begin('MASTER_USER_001', 'session', NOW));
    expect(() => states.accept(state, session, NOW)).toThrow('not begun in this session');
  });

  it('is good once, and for ten minutes', () => {
    const state = states.begin('MASTER_USER_001', 'session', NOW);
    expect(() => states.accept(state, 'session', NOW + LOGIN_LIFE_MS + 1)).toThrow('10 minutes');
    states.accept(state, 'session', NOW);
    expect(() => states.accept(state, 'session', NOW)).toThrow('completed already');
  });
});
