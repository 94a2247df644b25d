import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInCharges } from '@tickbridge/trading-core';
import { readChargeFolder } from './charge.folder';
import { ChargeHealth } from './charge.health';

describe('the folder of charges', () => {
  let directory: string;
  const zerodha = builtInCharges().find(({ id }) => id === 'zerodha');
  const nse = builtInCharges().find(({ id }) => id === 'nse') as { rates: object[] };
  const write = (name: string, content: unknown) =>
    writeFile(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'charges-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('need not exist', async () => {
    expect(await readChargeFolder(join(directory, 'absent'))).toEqual({ files: [], problems: [] });
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /no JSON object/],
    ['no kind', {}, /kind: /],
    ['a rate that is no decimal', { ...nse, rates: [{ ...nse.rates[0], rate: '-1' }] }, /rates\.0\.rate/],
    ['a field nobody knows', { ...nse, rates: [{ ...nse.rates[0], rat: '1' }] }, /rates\.0: .*rat/],
    ['an end before its begin', { ...nse, rates: [{ ...nse.rates[0], to: '2020-01-01' }] }, /rates\.0\.to/],
    ['two rows for one day', { ...nse, rates: [nse.rates[0], nse.rates[0]] }, /exchange has two rows on/],
    ['more than fits', 'x'.repeat(1_000_001), /larger than/],
  ])('names a file with %s and keeps the others', async (_title, content, problem) => {
    await write('bad.json', content);
    await write('good.json', { ...zerodha, id: 'mine' });
    await write('readme.txt', 'not looked at');
    const { files, problems } = await readChargeFolder(directory);
    expect(files.map(({ id }) => id)).toEqual(['mine']);
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems[0]).toContain('bad.json');
    expect(new ChargeHealth({ files, problems }).health()).toEqual({
      status: 'degraded',
      detail: problems[0],
    });
  });

  it('names the second of two files with one id', async () => {
    await write('a.json', zerodha);
    await write('b.json', zerodha);
    const { files, problems } = await readChargeFolder(directory);
    expect([files.length, problems]).toEqual([1, ['b.json: a.json has the id zerodha too']]);
    expect(new ChargeHealth({ files, problems: [] }).health()).toEqual({ status: 'up' });
  });
});
