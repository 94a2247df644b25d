import { Injectable } from '@nestjs/common';
import type { DependencyHealth } from '@tickbridge/contracts';
import type { ChargeFolderContent } from './charge.folder';

/** The files of people, as they were read at the start; also the injection token. */
export abstract class ReadChargeFolder implements ChargeFolderContent {
  abstract readonly files: ChargeFolderContent['files'];
  abstract readonly problems: ChargeFolderContent['problems'];
}

/** The table of charges as a dependency: a service is degraded by a file that cannot be used. */
@Injectable()
export class ChargeHealth {
  constructor(private readonly folder: ReadChargeFolder) {}

  health(): DependencyHealth {
    const { problems } = this.folder;
    return problems.length === 0 ? { status: 'up' } : { status: 'degraded', detail: problems.join('; ') };
  }
}
