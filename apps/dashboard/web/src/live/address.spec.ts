import { addressOf } from './address';

describe('addresses of endpoints', () => {
  it('keep a parameter one segment of the path', () => {
    const request = { params: { symbol: 'M&M/NIFTY 50' }, query: { limit: 300 } };
    expect(addressOf('GET /api/v1/market-data/:symbol/candles', request)).toEqual({
      method: 'GET',
      path: '/api/v1/market-data/M%26M%2FNIFTY%2050/candles?limit=300',
    });
  });

  it('leave out what is not asked for', () => {
    const query = { account: 'A B', interval: undefined, from: '2026-11-20T05:30:00.000Z' } as const;
    expect(addressOf('GET /api/v1/portfolio/equity', { query }).path).toBe(
      '/api/v1/portfolio/equity?account=A+B&from=2026-11-20T05%3A30%3A00.000Z',
    );
    expect(addressOf('GET /api/v1/accounts', {}).path).toBe('/api/v1/accounts');
  });
});
