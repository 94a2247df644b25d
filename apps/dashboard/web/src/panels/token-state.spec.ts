import type { TokenStatus } from '@tickbridge/contracts';
import { inNeed, requestTokenIn, stateNow, timeLeft } from './token-state';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const token = (more: Partial<TokenStatus> = {}): TokenStatus => ({
  provider: 'sharekhan',
  accountId: 'MASTER_USER_001',
  state: 'valid',
  expiresAt: '2026-11-20T18:30:00.000Z',
  updatedAt: null,
  ...more,
});

describe('the state of a token', () => {
  it('counts down to the end of the Indian day', () => {
    expect(timeLeft(token(), NOW)).toBe('8 h 30 min');
    expect(timeLeft(token(), Date.parse('2026-11-20T18:17:29.500Z'))).toBe('12 min 31 s');
    expect(timeLeft(token({ state: 'rejected' }), NOW)).toBeNull();
  });

  it('ends when its time comes, although nobody asked again', () => {
    expect(stateNow(token(), Date.parse('2026-11-20T18:30:00Z'))).toBe('expired');
    expect(timeLeft(token(), Date.parse('2026-11-20T18:30:00Z'))).toBeNull();
  });

  it('names the accounts that need a login, disabled and paper ones not', () => {
    const accounts = [
      { id: 'MASTER_USER_001', enabled: true },
      { id: 'MASTER_USER_002', enabled: true },
      { id: 'MASTER_USER_003', enabled: false },
      { id: 'PAPER_TRADER_001', enabled: true },
    ];
    const tokens = [
      token(),
      token({ accountId: 'MASTER_USER_002', state: 'rejected' }),
      token({ accountId: 'MASTER_USER_003', state: 'none' }),
    ];
    expect(inNeed(accounts, tokens, NOW).map(({ id }) => id)).toEqual(['MASTER_USER_002']);
  });

  it.each([
    ['the token itself', ' kehN18adRKirqgcB '],
    ['the address it came in', 'http://127.0.0.1:8002/broker-login?request_token=kehN18adRKirqgcB&state=1'],
  ])('reads a pasted request token from %s', (_, pasted) => {
    expect(requestTokenIn(pasted)).toBe('kehN18adRKirqgcB');
  });

  it('turns blanks back into the plus signs they were', () => {
    expect(requestTokenIn('/broker-login?state=1&request_token=a+b%2Bc')).toBe('a+b+c');
  });
});
