import { fileURLToPath } from 'node:url';

/** Folder of the workspace, without a trailing slash. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The services, in the order they are started. */
export const APPS = ['feed-simulator', 'market-data', 'risk-manager', 'orchestrator', 'dashboard'];
