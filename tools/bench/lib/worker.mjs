// The other process of a story: opens one contestant and does the story's tasks. Started by workers.mjs.
import { open } from '../contestants/index.mjs';

let tasks = {};
/** What the tasks share: the contestant, what escaped every handler, and whatever a task leaves for the next. */
const state = { cache: undefined, uncaught: [] };

process.on('uncaughtException', (error) => state.uncaught.push(error.message));
process.on('unhandledRejection', (error) => state.uncaught.push(error?.message ?? String(error)));
process.on('disconnect', () => process.exit(0));

process.on('message', async ({ id, task, args }) => {
  try {
    const result = task === 'open' ? await begin(args) : await tasks[task](state, args);
    process.send({ id, result });
  } catch (error) {
    process.send({ id, error: error.stack ?? String(error) });
  }
});

async function begin({ story, contestant, ...how }) {
  ({ tasks } = await import(`../stories/${story}`));
  state.cache = await open(contestant, how);
}
