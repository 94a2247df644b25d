import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
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
});
