// npm runs this after "npm ci" and "npm install".
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { noteInstalled } from './lib/install.mjs';
import { ROOT } from './lib/workspace.mjs';

// Whoever left packages out has not installed what the platform needs.
if (!process.env.npm_config_omit && existsSync(join(ROOT, 'node_modules'))) await noteInstalled();
if (existsSync(join(ROOT, '.git'))) useHooks();

/** Lets Git take its hooks from tools/hooks, unless somebody chose others. */
function useHooks() {
  const git = (...args) =>
    execFileSync('git', ['-C', ROOT, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const chosen = git('config', '--get', '--default', '', 'core.hooksPath');
    if (chosen === '') git('config', 'core.hooksPath', 'tools/hooks');
  } catch (error) {
    // No Git, or a clone that belongs to somebody else: everything works without hooks.
    console.log(`Git hooks are not installed: ${error.message.split('\n')[0]}`);
  }
}
