import { formatDateTime, istInput, istTime } from './time';

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
