// npm run pin-images: writes the digest behind each image's tag into docker/, so that a tag that is moved changes nothing.
//
// Needs Docker with buildx, and the registries of the images. Run it when a tag is raised, and look at the difference.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './lib/processes.mjs';
import { ROOT } from './lib/workspace.mjs';

const FILES = ['docker/compose.yml', 'docker/Dockerfile'];
/** `image: name:tag` and `FROM name:tag`, with or without a digest; the image built here has no tag. */
const IMAGE = /^(\s*image:\s*|FROM\s+)([\w./-]+:[\w.-]+)(@sha256:[0-9a-f]{64})?/gm;

const docker = process.env.DOCKER ?? 'docker';
const digests = new Map();
for (const file of FILES) {
  const path = join(ROOT, file);
  const text = await readFile(path, 'utf8');
  for (const [, , image] of text.matchAll(IMAGE)) {
    if (digests.has(image)) continue;
    const args = ['buildx', 'imagetools', 'inspect', image, '--format', '{{.Manifest.Digest}}'];
    const digest = (await run(docker, args)).trim();
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error(`${image}: expected a digest, got ${digest}`);
    digests.set(image, digest);
    console.log(`${image} ${digest}`);
  }
  await writeFile(
    path,
    text.replace(IMAGE, (_, start, image) => `${start}${image}@${digests.get(image)}`),
  );
}
