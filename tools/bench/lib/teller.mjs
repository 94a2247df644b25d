// The process of one story, started by tellers.mjs.
import { STORIES } from '../stories/index.mjs';

process.once('message', async ({ id, redis, program, size: { rounds, sliceMs, part } }) => {
  const progress = (text) => process.send({ progress: text });
  try {
    const rows = await STORIES.find((story) => story.id === id).run({
      redis,
      program,
      turns: { rounds, sliceMs, onRound: (round) => progress(`round ${round} of ${rounds}`) },
      times: (count) => Math.max(1, Math.round(count * part)),
      progress,
    });
    process.send({ rows }, () => process.exit(0));
  } catch (error) {
    process.send({ error: error.stack ?? String(error) }, () => process.exit(1));
  }
});
process.on('disconnect', () => process.exit(1));
