import { pathFrom } from './gateway';

describe('gateway paths', () => {
  it.each([
    ['NIFTY 50', '/x/NIFTY%2050'],
    ['M&M', '/x/M%26M'],
    ['../../metrics', '/x/..%2F..%2Fmetrics'],
    ['a?b=c#d', '/x/a%3Fb%3Dc%23d'],
  ])('keeps "%s" one segment', (id, expected) => {
    expect(pathFrom('/x/:id', { id })).toBe(expected);
  });

  it.each(['', '.', '..'])('refuses "%s"', (id) => {
    expect(() => pathFrom('/x/:id', { id })).toThrow('cannot be used in a path');
  });
});
