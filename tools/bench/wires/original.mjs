import { Redis } from 'ioredis-6';

const POLL_MS = 10;

/** The design this platform replaces: seven awaited commands per tick, and readers that ask for everything. */
export const original = {
  name: 'original',
  setUp:
    'HSET, EXPIRE, HSET, EXPIRE, SET, LPUSH, LTRIM, each awaited; readers poll HGETALL and parse every 10 ms',
  async open(redis) {
    const client = new Redis(redis);
    return {
      async send(tick) {
        const text = JSON.stringify(tick);
        await client.hset('original:live', tick.symbol, text);
        await client.expire('original:live', 300);
        await client.hset('original:meta', 'updated', tick.receivedAt);
        await client.expire('original:meta', 300);
        await client.set(`original:tick:${tick.symbol}`, text);
        await client.lpush('original:recent', text);
        await client.ltrim('original:recent', 0, 999);
      },
      close: () => client.disconnect(),
    };
  },
  async listen(redis, onTick) {
    const client = new Redis(redis);
    const seen = new Map();
    const poll = async () => {
      const all = await client.hgetall('original:live');
      for (const text of Object.values(all)) {
        const tick = JSON.parse(text);
        if (seen.get(tick.symbol) === tick.sequence) continue;
        seen.set(tick.symbol, tick.sequence);
        onTick(tick);
      }
      setTimeout(() => void poll(), POLL_MS);
    };
    void poll();
  },
};
