import { pageOf, pagesFor } from './pages';

describe('the page of an address', () => {
  it.each([
    ['', 'desk'],
    ['#/', 'desk'],
    ['#/orders', 'orders'],
    ['#backtests', 'backtests'],
    ['#/elsewhere', 'desk'],
  ])('%j is %s', (hash, page) => {
    expect(pageOf(hash)).toBe(page);
  });
});

describe('the pages of a role', () => {
  it('have users and audit log for admins alone', () => {
    const namesFor = (role: 'viewer' | 'admin' | undefined) => pagesFor(role).map(([name]) => name);
    expect(namesFor('admin')).toContain('users');
    for (const role of ['viewer', undefined] as const) {
      expect(namesFor(role)).toContain('account');
      expect(namesFor(role)).not.toContain('audit');
    }
  });
});
