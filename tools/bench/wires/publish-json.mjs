import { Redis } from 'ioredis-6';

/** What most tutorials show. */
export const publishJson = {
  name: 'PUBLISH JSON',
  setUp:
    'one PUBLISH per tick, pipelined by ioredis as they come; no hash, so a reader that starts late has nothing',
  async open(redis) {
    const client = new Redis({ ...redis, enableAutoPipelining: true });
    let pending = 0;
    return {
      send(tick) {
        pending += 1;
        const sent = client.publish('json:ticks', JSON.stringify(tick)).then(() => (pending -= 1));
        // Not more than a client can hold.
        return pending > 5_000 ? sent : undefined;
      },
      close: () => client.disconnect(),
    };
  },
  async listen(redis, onTick) {
    const client = new Redis(redis);
    await client.subscribe('json:ticks');
    client.on('message', (_channel, text) => onTick(JSON.parse(text)));
  },
};
