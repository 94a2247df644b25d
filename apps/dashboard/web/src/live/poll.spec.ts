import { Poll, type PollState } from './poll';

describe('a polled answer', () => {
  let answer: () => Promise<number>;
  let state: PollState<number> | undefined;
  let poll: Poll<number>;

  beforeEach(() => {
    jest.useFakeTimers();
    answer = () => Promise.resolve(1);
    poll = new Poll<number>({
      read: (signal) =>
        Promise.race([
          answer(),
          new Promise<never>((_, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason as Error)),
          ),
        ]),
      intervalMs: 2_500,
      onChange: (next) => (state = next),
      wanted: () => true,
    });
    poll.start();
  });

  afterEach(() => {
    poll.stop();
    jest.useRealTimers();
  });

  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('is current while it keeps coming', async () => {
    await pass(20_000);
    expect(state).toMatchObject({ data: 1, current: true, error: null, loading: false });
  });

  it('stays when a later one fails, no longer current and with its time', async () => {
    await pass(0);
    const answeredAt = state?.answeredAt;
    answer = () => Promise.reject(new Error('away'));
    await pass(2_500);
    expect(state).toMatchObject({ data: 1, current: false, error: 'away', answeredAt });
  });

  it('is past after five seconds of silence, before the reading is given up', async () => {
    await pass(0);
    answer = () => new Promise(() => undefined);
    await pass(4_999);
    expect(state?.current).toBe(true);
    await pass(1);
    expect(state).toMatchObject({ data: 1, current: false, error: null });
    await pass(7_500);
    expect(state?.error).toBe('The dashboard does not answer.');
  });

  it('is asked for again soon after a failure, however rarely it is read', async () => {
    poll.stop();
    let reads = 0;
    poll = new Poll<number>({
      read: () => (++reads < 3 ? Promise.reject(new Error('away')) : Promise.resolve(7)),
      intervalMs: 300_000,
      onChange: (next) => (state = next),
      wanted: () => true,
    });
    poll.start();
    await pass(3_000);
    expect(state).toMatchObject({ data: 7, current: true, error: null });
    await pass(290_000);
    expect(reads).toBe(3);
  });

  it('is current again with the next good one', async () => {
    answer = () => Promise.reject(new Error('away'));
    await pass(2_500);
    answer = () => Promise.resolve(2);
    await pass(2_500);
    expect(state).toMatchObject({ data: 2, current: true, error: null });
  });
});
