import { until } from '../../lib/processes.mjs';
import { startApp } from '../contestants/tickbridge.mjs';
import { platform } from '../lib/platform.mjs';

const live = { liveMarketData: { sources: ['simulator'] } };

export const tickbridgeWire = {
  name: 'tickbridge',
  setUp:
    'LiveMarketPublisher to LiveMarketData in Nest contexts; flushes by arrival; hash, meta and frame in one step',
  async open(redis) {
    const { LiveMarketPublishers, RedisConnection } = await platform();
    const app = await startApp(redis, { liveMarketData: 'publisher' }, live);
    await until(() => app.get(RedisConnection).available, { what: 'tickbridge connected', everyMs: 5 });
    const publisher = app.get(LiveMarketPublishers).of('simulator');
    return { send: (tick) => publisher.publish(tick), close: () => app.close() };
  },
  async listen(redis, onTick) {
    const { LiveMarketData, RedisConnection } = await platform();
    const app = await startApp(redis, { liveMarketData: 'reader' }, live);
    await until(() => app.get(RedisConnection).available, { what: 'tickbridge connected', everyMs: 5 });
    app.get(LiveMarketData).ticks$.subscribe((ticks) => ticks.forEach(onTick));
  },
};
