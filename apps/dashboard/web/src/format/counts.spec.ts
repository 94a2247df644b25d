import { countOf } from './counts';

describe('the number on a tab', () => {
  it.each([
    ['counts a whole list', 3, 3, '3'],
    ['counts what the stream added', 3, 4, '4'],
    ['promises no total for a list that was cut', 100, 103, '100+'],
    ['is absent while nothing was read', null, 2, null],
  ])('%s', (_, answered, known, expected) => {
    expect(countOf(answered, known)).toBe(expected);
  });
});
