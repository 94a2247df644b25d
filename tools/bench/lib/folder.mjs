import { fileURLToPath } from 'node:url';

/** This package's folder, without a trailing slash. */
export const BENCH = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
