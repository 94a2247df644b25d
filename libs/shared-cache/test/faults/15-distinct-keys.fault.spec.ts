import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const KEYS = 10_000_000;
const KEPT = 10_000;
/** Far too little for all of them (megabytes). */
const HEAP_MB = 96;
const WORKSPACE = join(__dirname, '../../../..');

describe('promise 15: 10 million distinct keys through L1', () => {
  it('memory stays at its bound, in a process whose heap would hold a tenth of them', async () => {
    const child = fork(join(__dirname, '../workers/ten-million.worker.ts'), [KEYS, KEPT].map(String), {
      cwd: WORKSPACE,
      execArgv: ['-r', '@swc-node/register', `--max-old-space-size=${HEAP_MB}`],
      env: { ...process.env, TS_NODE_PROJECT: join(WORKSPACE, 'tsconfig.base.json') },
      silent: true,
    });
    const messages: unknown[] = [];
    child.on('message', (message) => messages.push(message));
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(messages).toEqual([
      { entries: KEPT, bytes: 10 * KEPT, evicted: KEYS - KEPT, newest: { key: `key-${KEYS - 1}` } },
    ]);
  }, 180_000);
});
