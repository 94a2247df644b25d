import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const WORKSPACE = join(__dirname, '../../..');
const PAGES = join(WORKSPACE, 'docs/shared-cache');

interface Block {
  readonly at: string;
  readonly code: string;
}

/** The examples of a page, each behind what the comment above it says is given. */
function blocksOf(page: string): Block[] {
  const text = readFileSync(join(PAGES, page), 'utf8');
  return [...text.matchAll(/(?:<!-- given\n([\s\S]*?)-->\s*)?```ts\n([\s\S]*?)```/g)].map(
    ([, given = '', code = ''], index) => ({
      at: join(PAGES, `${page.replace('.md', '')}-${index + 1}.ts`),
      // Awaiting at the top asks for a module.
      code: `${given}\n${code}\nexport {};\n`,
    }),
  );
}

/** What the compiler says about them, in the settings of the project. */
function compile(blocks: readonly Block[]): string[] {
  const config = ts.readConfigFile(join(WORKSPACE, 'tsconfig.base.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, WORKSPACE);
  const settings = { ...options, noUnusedLocals: false, noUnusedParameters: false };
  const codes = new Map(blocks.map(({ at, code }) => [at, code]));
  const host = ts.createCompilerHost(settings);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => codes.has(path) || fileExists.call(host, path);
  host.readFile = (path) => codes.get(path) ?? readFile.call(host, path);
  host.getSourceFile = (path, language, ...rest) => {
    const code = codes.get(path);
    return code === undefined
      ? getSourceFile.call(host, path, language, ...rest)
      : ts.createSourceFile(path, code, language);
  };
  const program = ts.createProgram([...codes.keys()], settings, host);
  return [...codes.keys()].flatMap((at) => {
    const source = program.getSourceFile(at);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText, start = 0 }) => {
      const line = source?.text.slice(0, start).split('\n').length;
      return `${at.slice(PAGES.length + 1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
}

describe('the examples of the pages', () => {
  const blocks = readdirSync(PAGES)
    .filter((name) => name.endsWith('.md'))
    .flatMap(blocksOf);

  it('compile', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(10);
    expect(compile(blocks)).toEqual([]);
  }, 120_000);

  it('and one that does not is found', () => {
    const wrong =
      "import { cacheNamespace } from '@tickbridge/shared-cache';\ncacheNamespace({ nmae: 'quotes' });";
    expect(compile([{ at: join(PAGES, 'wrong-1.ts'), code: wrong }]).join()).toMatch(/nmae/);
  }, 120_000);
});
