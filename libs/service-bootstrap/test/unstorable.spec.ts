import { z } from 'zod';
import { checkInput } from '../src/http/validation.pipe';

const HALF = String.fromCharCode(0xd800);

describe('texts that PostgreSQL cannot store', () => {
  it.each([
    ['NUL', { by: 'a\0b' }, 'by'],
    ['half a character', { by: `a${HALF}` }, 'by'],
    ['one deep inside', { list: [{ name: `${HALF}b` }] }, 'list.0.name'],
    ['one in a name', { [`x${HALF}`]: 1 }, `x${HALF}`],
  ])('are refused by name: %s', (_, value, field) => {
    expect(() => checkInput(z.unknown(), value)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', fields: [expect.objectContaining({ field })] }),
    );
  });

  it('are none of the characters that people write', () => {
    expect(checkInput(z.unknown(), { by: 'नमस्ते 😀 ä\n' })).toEqual({ by: 'नमस्ते 😀 ä\n' });
  });
});
