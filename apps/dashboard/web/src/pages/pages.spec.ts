import { pageOf } from './pages';

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
