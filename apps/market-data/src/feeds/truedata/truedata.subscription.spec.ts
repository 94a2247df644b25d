import { TrueDataSubscription } from './truedata.subscription';

describe("a symbol's name at TrueData", () => {
  it.each([
    ['INDIAVIX', 'INDIAVIX', 'INDIAVIX'],
    ['INDIA VIX', 'INDIAVIX', 'INDIA VIX'],
    ['INDIA VIX', 'India VIX', 'INDIA VIX'],
    ['NIFTY 50', 'NIFTY 50', 'NIFTY 50'],
    ['RELIANCE_BSE', 'RELIANCE_BSE', 'RELIANCE_BSE'],
    ['ITC', 'TCS', undefined],
  ])('asked for as %s and written by the vendor as %s, is %s', (asked, written, symbol) => {
    expect(new TrueDataSubscription([asked]).requestedAs(written)).toBe(symbol);
  });
});
