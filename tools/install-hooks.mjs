// Runs after "npm install": lets Git take its hooks from tools/hooks, unless somebody chose others.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/workspace.mjs';

const git = (...args) =>
  execFileSync('git', ['-C', ROOT, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();

if (existsSync(join(ROOT, '.git'))) {
  try {
    const chosen = git('config', '--get', '--default', '', 'core.hooksPath');
    if (chosen === '') git('config', 'core.hooksPath', 'tools/hooks');
  } catch (error) {
    // No Git, or a clone that belongs to somebody else: the platform runs without hooks.
    console.log(`Git hooks are not installed: ${error.message.split('\n')[0]}`);
  }
}
