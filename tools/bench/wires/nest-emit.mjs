import { platform } from '../lib/platform.mjs';

/** What a Nest service does without thinking about it: an event per tick over the framework's Redis transport. */
export const nestEmit = {
  name: 'Nest emit',
  setUp: 'one emit per tick over the Redis transport of @nestjs/microservices to an event handler; no hash',
  async open(redis) {
    const { ClientRedis } = await platform();
    const client = new ClientRedis(redis);
    await client.connect();
    let pending = 0;
    return {
      send(tick) {
        pending += 1;
        const sent = new Promise((resolve, reject) => {
          client.emit('ticks', tick).subscribe({ error: reject, complete: resolve });
        }).then(() => (pending -= 1));
        // Not more than a client can hold.
        return pending > 5_000 ? sent : undefined;
      },
      close: () => client.close(),
    };
  },
  async listen(redis, onTick) {
    const { ServerRedis } = await platform();
    const server = new ServerRedis(redis);
    server.addHandler('ticks', async (tick) => onTick(tick), true);
    await new Promise((resolve, reject) => {
      void server.listen((error) => (error ? reject(error) : resolve()));
    });
  },
};
