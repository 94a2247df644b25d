import { AlpacaSubscription } from './alpaca.subscription';

const names = (count: number) => Array.from({ length: count }, (_, index) => `S${index}`);

/** A vendor that takes so many symbols. */
function subscribeAt(limit: number, requested: readonly string[]) {
  const subscription = new AlpacaSubscription(requested);
  const subscribed = new Set<string>();
  let messages = 0;
  let asked = subscription.begin();
  while (asked !== undefined) {
    messages += 1;
    if (subscribed.size + asked.length > limit) {
      asked = subscription.exceeded();
      continue;
    }
    for (const symbol of asked) subscribed.add(symbol);
    asked = subscription.accepted(subscribed);
  }
  return { subscription, subscribed: [...subscribed], messages };
}

describe('subscription at Alpaca', () => {
  it.each([
    [30, 0],
    [30, 27],
    [30, 30],
    [30, 31],
    [30, 100],
    [1, 3],
    [0, 3],
  ])(
    'of a plan of %i symbols, asked for %i, takes the first ones and lists the others by name',
    (limit, count) => {
      const requested = names(count);
      const { subscription, subscribed, messages } = subscribeAt(limit, requested);
      expect(subscribed).toEqual(requested.slice(0, limit));
      expect(subscription.refusals().map(({ symbol }) => symbol)).toEqual(requested.slice(limit));
      expect(messages).toBeLessThanOrEqual(12);
      const [first] = subscription.refusals();
      if (first) expect(first.reason).toContain(`took ${Math.min(limit, count)} symbols`);
      expect(requested.filter((symbol) => subscription.isRefused(symbol))).toEqual(requested.slice(limit));
    },
  );

  it('lists what the vendor left out of its answer', () => {
    const subscription = new AlpacaSubscription(['AAPL', 'NOPE']);
    subscription.begin();
    expect(subscription.accepted(new Set(['AAPL']))).toBeUndefined();
    expect(subscription.refusals()).toEqual([{ symbol: 'NOPE', reason: 'the vendor did not subscribe it' }]);
  });
});
