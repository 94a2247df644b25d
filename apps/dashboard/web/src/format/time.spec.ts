import { formatDateTime, istInput, istTime, formatSpan } from './time';

describe('times on the clock of India', () => {
  it('go into an input and come back', () => {
    const at = Date.parse('2026-11-20T08:35:00Z');
    expect(istInput(at)).toBe('2026-11-20T14:05');
    expect(istTime(istInput(at))).toBe('2026-11-20T08:35:00.000Z');
    expect(formatDateTime(at)).toBe('20 Nov, 14:05');
  });

  it('stay as they are when they are none', () => {
    expect(istTime('')).toBe('');
  });
});

describe('a length of time', () => {
  it.each([
    [null, '—'],
    [45_000, '45s'],
    [12 * 60_000, '12m'],
    [200 * 60_000, '3h 20m'],
    [52 * 3_600_000, '2d 4h'],
  ])('%s is said as %s', (ms, text) => {
    expect(formatSpan(ms)).toBe(text);
  });
});
