import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WORKSPACE } from './platform';

const read = async (path: string) => readFile(join(WORKSPACE, path), 'utf8');

describe('what the platform is made of', () => {
  it('is named by exact versions, those of the lock file', async () => {
    const manifest = JSON.parse(await read('package.json')) as Record<string, Record<string, string>>;
    const lock = JSON.parse(await read('package-lock.json')) as {
      packages: Record<string, { version: string }>;
    };
    for (const kind of ['dependencies', 'devDependencies']) {
      const wanted = Object.entries(manifest[kind] ?? {});
      expect(wanted.length).toBeGreaterThan(10);
      for (const [name, version] of wanted)
        expect([name, version]).toEqual([name, lock.packages[`node_modules/${name}`]?.version]);
    }
  });

  it('is listed by the build, with a checksum of each package', async () => {
    const sbom = JSON.parse(await read('dist/sbom.cdx.json')) as {
      bomFormat: string;
      metadata: { component: { name: string } };
      components: { name: string; version: string; hashes?: object[] }[];
    };
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'tickbridge' } } });
    const manifest = JSON.parse(await read('package.json')) as { dependencies: Record<string, string> };
    expect(sbom.components.map(({ name }) => name)).not.toContain('jest');
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      const listed = sbom.components.filter((component) => component.name === name);
      expect(listed).toContainEqual(expect.objectContaining({ version, hashes: [expect.any(Object)] }));
    }
  });
});

describe('what is started', () => {
  it('needs no shell: npm and the packages’ programs are run by this Node, on every system', async () => {
    const files = (await readdir(join(WORKSPACE, 'tools'), { recursive: true })).filter(
      (file) => file.endsWith('.mjs') && !file.startsWith('bench') && !file.includes('node_modules'),
    );
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const text = await read(`tools/${file}`);
      expect([file, /npm\.cmd|['"`]npx?['"`],|['"]node_modules\/\.bin/.exec(text)?.[0]]).toEqual([
        file,
        undefined,
      ]);
    }
  });
});

describe('npm run audit', () => {
  let registry: Server;
  let answer: { status: number; body: object };
  let packument: object;

  beforeAll(async () => {
    const { dependencies } = JSON.parse(await read('package.json')) as {
      dependencies: Record<string, string>;
    };
    const version = dependencies['ws'] ?? '';
    packument = {
      name: 'ws',
      'dist-tags': { latest: version },
      versions: { [version]: { name: 'ws', version } },
    };
    registry = createServer((request, response) => {
      request.resume().on('end', () => {
        // Of a package with an advisory npm asks which versions there are.
        const asked = request.method === 'GET' ? { status: 200, body: packument } : answer;
        response.writeHead(asked.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(asked.body));
      });
    }).listen(0, '127.0.0.1');
    await once(registry, 'listening');
  });

  afterAll(() => {
    registry.close();
  });

  /** What npm was told about a package it keeps for a while: each audit begins without. */
  const audit = async (...options: string[]) => {
    const cache = await mkdtemp(join(tmpdir(), 'tickbridge-npm-'));
    const child = spawn(process.execPath, ['tools/audit.mjs', ...options], {
      cwd: WORKSPACE,
      env: {
        ...process.env,
        npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
        npm_config_fetch_retries: '0',
        npm_config_cache: cache,
      },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [status] = (await once(child, 'close')) as [number];
    await rm(cache, { recursive: true, force: true });
    return { status, output };
  };
  const advisory = (severity: string) => ({
    id: 1,
    url: 'https://example.org/1',
    title: 'It leaks',
    severity,
    vulnerable_versions: '*',
    cwe: [],
    cvss: {},
  });

  it('fails for a grave advisory and names the package', async () => {
    answer = { status: 200, body: { ws: [advisory('high')] } };
    expect(await audit()).toEqual({ status: 1, output: expect.stringMatching(/^high +ws .*It leaks/m) });
  });

  it('tells a lesser one and does not fail, unless it is asked to', async () => {
    answer = { status: 200, body: { ws: [advisory('low')] } };
    expect(await audit()).toEqual({ status: 0, output: expect.stringMatching(/^low +ws /m) });
    expect((await audit('--level=low')).status).toBe(1);
  });

  it('says so when the registry does not answer the question, and does not fail', async () => {
    answer = { status: 405, body: { error: 'Method Not Allowed' } };
    expect(await audit()).toEqual({ status: 0, output: expect.stringMatching(/^Not checked: .*405/) });
  });
});

describe('npm run pin-images', () => {
  it('finds every image that docker/ names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tickbridge-docker-'));
    try {
      // Stands for Docker, which is not needed to see which images it is asked for.
      const docker = join(folder, 'docker');
      await writeFile(docker, `#!/bin/sh\necho "$4" >> ${folder}/asked\nprintf 'no digest'\n`);
      await chmod(docker, 0o755);
      const { status, stderr } = spawnSync(process.execPath, ['tools/pin-images.mjs'], {
        cwd: WORKSPACE,
        env: { ...process.env, DOCKER: docker },
        encoding: 'utf8',
      });
      expect(status).not.toBe(0);
      expect(stderr).toContain('expected a digest, got no digest');
      expect(execFileSync('cat', [`${folder}/asked`], { encoding: 'utf8' })).toMatch(/^\S+:\S+$/m);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
