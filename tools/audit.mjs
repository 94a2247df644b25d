// npm run audit: are there advisories against the packages in the lock file?
//
// Fails for those of at least this severity (default high):   npm run audit -- --level=moderate
// Where the registry does not answer the question it says so and does not fail: nothing is known then.
import { spawnSync } from 'node:child_process';
import { npmProgram } from './lib/programs.mjs';
import { ROOT } from './lib/workspace.mjs';

const SEVERITIES = ['info', 'low', 'moderate', 'high', 'critical'];

const level =
  process.argv.find((option) => option.startsWith('--level='))?.slice('--level='.length) ?? 'high';
if (!SEVERITIES.includes(level)) {
  console.error(`--level=${level}: expected one of ${SEVERITIES.join(', ')}.`);
  process.exit(2);
}
// It fails when it finds something, and says what all the same.
const { stdout } = spawnSync(process.execPath, [npmProgram(), 'audit', '--json', '--package-lock-only'], {
  cwd: ROOT,
  encoding: 'utf8',
});
const report = read(stdout);
if (!report?.vulnerabilities) {
  console.log(`Not checked: the registry gave no answer (${report?.message ?? 'nothing that can be read'}).`);
  process.exit(0);
}
const found = Object.values(report.vulnerabilities);
for (const { name, severity, range, via } of found) {
  const titles = via.map((each) =>
    typeof each === 'string' ? `through ${each}` : `${each.title} ${each.url}`,
  );
  console.log(`${severity.padEnd(8)} ${name} ${range}: ${titles.join('; ')}`);
}
const grave = found.filter(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(level));
console.log(`${found.length} packages with advisories, ${grave.length} of them ${level} or worse.`);
process.exit(grave.length > 0 ? 1 : 0);

function read(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return { message: error.message };
  }
}
