/** @jest-config-loader esbuild-register */
import { getJestProjectsAsync } from '@nx/jest';

export default async () => ({ projects: await getJestProjectsAsync() });
