import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ModuleKind, transpileModule } from 'typescript';
import { sharedSecret } from '../src';

describe('shared secret', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'tickbridge-secret-'));
  });

  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('is made once, is the same for everybody after, and is readable by its owner alone', () => {
    const first = sharedSecret(dataDir, 'internal-api-key');
    expect(Buffer.from(first, 'base64')).toHaveLength(32);
    expect(sharedSecret(dataDir, 'internal-api-key')).toBe(first);
    expect(sharedSecret(dataDir, 'another')).not.toBe(first);
    expect(statSync(join(dataDir, 'secrets/internal-api-key')).mode & 0o777).toBe(0o600);
  });

  it('leaves no drafts behind', () => {
    sharedSecret(dataDir, 'key');
    sharedSecret(dataDir, 'key');
    expect(readdirSync(join(dataDir, 'secrets'))).toEqual(['key']);
  });

  it('is made when a start on a full disk left an empty file', () => {
    sharedSecret(dataDir, 'key');
    writeFileSync(join(dataDir, 'secrets/key'), '');
    const made = sharedSecret(dataDir, 'key');
    expect(Buffer.from(made, 'base64')).toHaveLength(32);
    expect(sharedSecret(dataDir, 'key')).toBe(made);
  });

  it('is read without writing anything once it is there', () => {
    const made = sharedSecret(dataDir, 'key');
    const before = statSync(join(dataDir, 'secrets')).mtimeMs;
    expect(sharedSecret(dataDir, 'key')).toBe(made);
    expect(statSync(join(dataDir, 'secrets')).mtimeMs).toBe(before);
  });

  it.each(['nothing', 'an empty file'])(
    'is one and the same for services that find %s at the same moment',
    async (found) => {
      const rounds = 200;
      const secrets = await askedTogether(dataDir, { services: 4, rounds, found });
      for (let round = 0; round < rounds; round += 1) {
        const ofRound = new Set(secrets.map((answers) => answers[round]));
        expect(ofRound.size).toBe(1);
        expect(Buffer.from([...ofRound][0] ?? '', 'base64')).toHaveLength(32);
      }
    },
    60_000,
  );
});

/** Threads ask for a secret that nobody has made, all released at once, again and again; what each was given. */
async function askedTogether(
  dataDir: string,
  { services, rounds, found }: { services: number; rounds: number; found: string },
): Promise<string[][]> {
  const source = readFileSync(join(__dirname, '../src/config/secret-file.ts'), 'utf8');
  const { outputText } = transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS } });
  const script = `${outputText}
    const { parentPort, workerData } = require('node:worker_threads');
    const { dataDir, services, rounds, found, waiting } = workerData;
    const secrets = [];
    for (let round = 0; round < rounds; round += 1) {
      const directory = dataDir + '/' + round;
      if (found !== 'nothing') {
        (0, node_fs_1.mkdirSync)(directory + '/secrets', { recursive: true });
        (0, node_fs_1.writeFileSync)(directory + '/secrets/key', '', { flag: 'a' });
      }
      // The last one to arrive releases the others.
      Atomics.add(waiting, 0, 1);
      while (Atomics.load(waiting, 0) < services * (round + 1));
      secrets.push(sharedSecret(directory, 'key'));
    }
    parentPort.postMessage(secrets);`;
  const waiting = new Int32Array(new SharedArrayBuffer(4));
  const threads = Array.from(
    { length: services },
    () => new Worker(script, { eval: true, workerData: { dataDir, services, rounds, found, waiting } }),
  );
  const answers = await Promise.all(threads.map((thread) => once(thread, 'message')));
  return answers.map(([secrets]) => secrets as string[]);
}
