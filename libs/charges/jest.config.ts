/** @jest-config-loader esbuild-register */
import { jestProject } from '../../tools/jest/project';

export default jestProject('libs/charges');
