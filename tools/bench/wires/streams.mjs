import { Redis } from 'ioredis-6';

/** Redis Streams, read in blocks. */
export const streams = {
  name: 'Streams',
  setUp:
    'one XADD MAXLEN ~ 10,000 of JSON per tick, pipelined; the reader blocks on XREAD COUNT 1,000; no hash',
  async open(redis) {
    const client = new Redis({ ...redis, enableAutoPipelining: true });
    let pending = 0;
    return {
      send(tick) {
        pending += 1;
        const sent = client
          .xadd('stream:ticks', 'MAXLEN', '~', 10_000, '*', 'tick', JSON.stringify(tick))
          .then(() => (pending -= 1));
        return pending > 5_000 ? sent : undefined;
      },
      close: () => client.disconnect(),
    };
  },
  async listen(redis, onTick) {
    const client = new Redis(redis);
    const follow = async () => {
      for (let last = '$'; ;) {
        const answer = await client.xread('COUNT', 1_000, 'BLOCK', 1_000, 'STREAMS', 'stream:ticks', last);
        for (const [id, [, text]] of answer?.[0]?.[1] ?? []) {
          last = id;
          onTick(JSON.parse(text));
        }
      }
    };
    void follow();
  },
};
