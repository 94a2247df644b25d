import { Pace } from './pace';

describe('work in a pace the tab can keep', () => {
  let done: number;
  let takesMs: number;
  let pace: Pace;

  beforeEach(() => {
    jest.useFakeTimers();
    done = 0;
    takesMs = 0;
    pace = new Pace(() => {
      done += 1;
      jest.setSystemTime(Date.now() + takesMs);
      jest.spyOn(performance, 'now').mockReturnValue(performance.now() + takesMs);
    });
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('is done once for everything that came before it', () => {
    for (let news = 0; news < 100; news += 1) pace.request();
    jest.advanceTimersByTime(1_000);
    expect(done).toBe(1);
  });

  it('is not done while nothing came', () => {
    jest.advanceTimersByTime(1_000);
    expect(done).toBe(0);
  });

  it('is done for what came during the rest, soon', () => {
    pace.request();
    jest.advanceTimersByTime(1);
    pace.request();
    jest.advanceTimersByTime(100);
    expect(done).toBe(2);
  });

  it('leaves most of the time to everything else, however long it takes', () => {
    takesMs = 400;
    for (let ms = 0; ms < 6_000; ms += 10) {
      pace.request();
      jest.advanceTimersByTime(10);
    }
    // 6 s of rest between them, 800 ms after each.
    expect(done).toBeGreaterThanOrEqual(6);
    expect(done).toBeLessThanOrEqual(8);
  });

  it('goes on after work that threw', () => {
    let calls = 0;
    pace = new Pace(() => {
      calls += 1;
      throw new Error('a broken listener');
    });
    pace.request();
    expect(() => jest.advanceTimersByTime(1)).toThrow('a broken listener');
    jest.advanceTimersByTime(1_000);
    pace.request();
    expect(() => jest.advanceTimersByTime(1)).toThrow('a broken listener');
    expect(calls).toBe(2);
  });
});
