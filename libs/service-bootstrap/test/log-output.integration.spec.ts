import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Logs a megabyte thrice, says so on the channel, then ends when it is told to. */
const PROGRAM = `
  const { createLog } = require(${JSON.stringify(join(__dirname, '../src/logging/pino.logger'))});
  const log = createLog({ service: 'talker', level: 'info', pretty: false });
  for (let n = 0; n < 3000; n += 1) log.info({ n, text: 'x'.repeat(1000) }, 'line');
  setInterval(() => process.send('alive'), 20);
  process.on('message', (word) => word === 'end' ? process.exit(0) : log.info('asked: ' + word));
`;

describe('the log of a service whose output nobody takes', () => {
  let child: ChildProcess;
  let alive = 0;

  beforeEach(() => {
    alive = 0;
    child = spawn(process.execPath, ['-r', '@swc-node/register', '-e', PROGRAM], {
      cwd: join(__dirname, '../../..'),
      env: { ...process.env, TS_NODE_PROJECT: 'tsconfig.base.json' },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    child.on('message', () => (alive += 1));
  });

  afterEach(() => {
    child.kill('SIGKILL');
  });

  it('lets the service live on, drops what does not fit, and says how many lines when it is read again', async () => {
    await waitFor(() => alive > 5);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await waitFor(() => /"dropped":\d+/.test(output));
    const lines = output.trimEnd().split('\n');
    const dropped = Number(/"dropped":(\d+)/.exec(output)?.[1]);
    const written = lines.filter((line) => line.includes('"msg":"line"')).length;
    expect(written + dropped).toBe(3_000);
    expect(dropped).toBeGreaterThan(1_000);
    child.send('again');
    await waitFor(() => output.includes('asked: again'));
  });

  it('lets the service end', async () => {
    await waitFor(() => alive > 5);
    child.send('end');
    const [status] = (await once(child, 'exit')) as [number];
    expect(status).toBe(0);
  });
});

/** The test's own time limit ends it otherwise. */
async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
