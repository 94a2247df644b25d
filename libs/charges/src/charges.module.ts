import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { ChargeTable } from '@tickbridge/trading-core';
import { type ChargeFolderContent, readChargeFolder } from './charge.folder';
import { ChargeHealth, ReadChargeFolder } from './charge.health';
import type { ChargeOptions } from './charge.options';

/** The table of charges for every module of an application, with what people put into its folder. */
@Module({})
export class ChargesModule {
  static forRoot({ directory }: ChargeOptions): DynamicModule {
    return {
      module: ChargesModule,
      global: true,
      providers: [
        { provide: ReadChargeFolder, useFactory: () => readAtStart(directory) },
        { provide: ChargeTable, inject: [ReadChargeFolder], useFactory: tableWith },
        ChargeHealth,
      ],
      exports: [ChargeTable, ChargeHealth, ReadChargeFolder],
    };
  }
}

async function readAtStart(directory: string): Promise<ChargeFolderContent> {
  const content = await readChargeFolder(directory);
  const logger = new Logger('Charges');
  for (const problem of content.problems) logger.warn(`left out of the table of charges: ${problem}`);
  if (content.files.length > 0)
    logger.log(`charges of ${content.files.map(({ id }) => id).join(', ')} from the folder`);
  return content;
}

function tableWith({ files }: ChargeFolderContent): ChargeTable {
  const table = new ChargeTable();
  table.replaceFiles(files);
  return table;
}
