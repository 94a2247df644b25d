import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@tickbridge/contracts';
import { apiDocument } from '@tickbridge/service-bootstrap';
import { stringify } from 'yaml';

const HEAD = '# Made by "npm run build" from libs/contracts/src/endpoints.\n';

/** The specification of a service as text. */
export function apiText(service: ServiceName): string {
  return HEAD + stringify(apiDocument(service), { aliasDuplicateObjects: false, lineWidth: 110 });
}

/** @param directory gets one file per service */
export async function writeApiDocs(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const service of Object.keys(SERVICES) as ServiceName[]) {
    await writeFile(join(directory, `${service}.yaml`), apiText(service));
  }
}
