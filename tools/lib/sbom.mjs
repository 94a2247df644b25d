import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNpm } from './programs.mjs';
import { ROOT } from './workspace.mjs';

/** Writes what the services are made of, every package with version, licence and checksum, as CycloneDX. */
export async function writeSbom(file = join(ROOT, 'dist/sbom.cdx.json')) {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--loglevel=error'];
  const sbom = JSON.parse(await runNpm(args));
  // Left out here: with --omit=dev npm 11 loses packages that one for development asks for as well.
  const left = sbom.components.filter((component) => !isForDevelopment(component));
  const kept = new Set([sbom.metadata.component, ...left].map((component) => component['bom-ref']));
  sbom.components = left;
  sbom.dependencies = sbom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
  const { name, version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  // npm calls the project after its folder.
  Object.assign(sbom.metadata.component, { type: 'application', name, version });
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, JSON.stringify(sbom, null, 2) + '\n');
}

function isForDevelopment({ properties = [] }) {
  return properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
}
