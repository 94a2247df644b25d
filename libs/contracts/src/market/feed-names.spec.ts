import { feedNamesSchema } from './feed-names';
import { FEEDS, type FeedName } from './feeds';

describe('which feeds run together', () => {
  it.each<[FeedName[]]>([
    [['simulator']],
    [['simulator', 'binance']],
    [['binance', 'truedata']],
    [['replay']],
  ])('%s do', (feeds) => {
    expect(feedNamesSchema.safeParse(feeds).success).toBe(true);
  });

  it.each<[string, FeedName[], string]>([
    ['the same instruments under two prices', ['truedata', 'simulator'], 'choose one of them'],
    ['a feed twice', ['binance', 'binance'], 'each feed once'],
    ['a replay beside a live one', ['simulator', 'replay'], 'a replay runs alone'],
  ])('refuses %s', (_, feeds, why) => {
    const { error } = feedNamesSchema.safeParse(feeds);
    expect(error?.issues.map(({ message }) => message).join()).toContain(why);
  });

  it('has one row per feed, and the same facts for those that share their instruments', () => {
    const { simulator, truedata, binance, replay } = FEEDS;
    expect(simulator.currency).toBe(truedata.currency);
    expect(binance.calendar).toBe(replay.calendar);
  });
});
