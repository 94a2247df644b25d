import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './processes.mjs';
import { UserError } from './report.mjs';
import { ROOT } from './workspace.mjs';

/**
 * Path of an installed package's program. It is run with this Node: what lies in `node_modules/.bin` is a script of the
 * shell, which not every system has.
 *
 * @param {string} name of the package
 * @param {string} [program] for a package with several
 */
export function packageProgram(name, program = name) {
  const directory = join(ROOT, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return join(directory, typeof bin === 'string' ? bin : bin[program]);
}

/** Runs an installed package's program to its end. @returns {Promise<string>} what it wrote */
export function runPackage(name, args, { program = name, ...options } = {}) {
  return run(process.execPath, [packageProgram(name, program), ...args], { cwd: ROOT, ...options });
}

/** Runs npm to its end, without a shell. @returns {Promise<string>} what it wrote */
export function runNpm(args, options = {}) {
  return run(process.execPath, [npmProgram(), ...args], { cwd: ROOT, ...options });
}

/** npm's own program: the one that started this process, else the one beside this Node. */
export function npmProgram() {
  const { npm_execpath: own } = process.env;
  if (own?.endsWith('npm-cli.js') && existsSync(own)) return own;
  const beside = dirname(realpathSync(process.execPath));
  const places = [
    join(beside, 'node_modules/npm/bin/npm-cli.js'),
    join(beside, '../lib/node_modules/npm/bin/npm-cli.js'),
    join(beside, '../share/nodejs/npm/bin/npm-cli.js'),
    join(beside, '../share/npm/bin/npm-cli.js'),
  ];
  const found = places.find((path) => existsSync(path));
  if (found) return found;
  throw new UserError('npm was not found beside this Node. Start with "npm start" or "npm test".');
}
