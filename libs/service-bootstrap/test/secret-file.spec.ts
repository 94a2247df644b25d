import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
});
