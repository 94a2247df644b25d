import { lineOfText } from './text';

describe('a line of text', () => {
  const name = lineOfText(10);

  it('loses the blanks around it', () => {
    expect(name.parse('  mira ')).toBe('mira');
  });

  it.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['too much', 'x'.repeat(11)],
    ['a NUL', 'a\u0000b'],
    ['two lines', 'a\nb'],
  ])('is refused with %s', (_title, text) => {
    expect(name.safeParse(text).success).toBe(false);
  });
});
