import { ladderThresholdsSchema } from './trading-state';

const thresholds = (dailyLossPercentOfLimit: object) =>
  ladderThresholdsSchema.safeParse({
    dailyLossPercentOfLimit,
    drawdownPercentOfLimit: {},
    errorRatePercent: {},
    minimumCalls: 10,
    feedAgeMs: {},
  });

describe("the kill ladder's thresholds", () => {
  it.each([
    ['none', {}],
    ['one', { HALTED: 50 }],
    ['some that rise', { REDUCING: 50, FLATTEN: 100 }],
    ['all that rise', { REDUCING: 50, HALTED: 75, FLATTEN: 100 }],
  ])('may be %s', (_title, rungs) => {
    expect(thresholds(rungs).success).toBe(true);
  });

  it.each([
    ['fall', { REDUCING: 100, FLATTEN: 50 }],
    ['fall on the way', { REDUCING: 50, HALTED: 100, FLATTEN: 75 }],
    ['stay', { REDUCING: 50, HALTED: 50 }],
    ['are nothing', { REDUCING: 0 }],
    ['name no rung', { STOPPED: 50 }],
  ])('may not %s', (_title, rungs) => {
    expect(thresholds(rungs).success).toBe(false);
  });
});
