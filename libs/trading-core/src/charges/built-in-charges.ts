import { type ChargeFile, chargeFileSchema } from '@tickbridge/contracts';
import alpaca from './data/alpaca.json';
import binance from './data/binance.json';
import bse from './data/bse.json';
import nse from './data/nse.json';
import sharekhan from './data/sharekhan.json';
import us from './data/us.json';
import zerodha from './data/zerodha.json';

let parsed: readonly ChargeFile[] | undefined;

/** The charges that come with the platform, by the files of `data/`. */
export function builtInCharges(): readonly ChargeFile[] {
  parsed ??= [nse, bse, us, sharekhan, zerodha, binance, alpaca].map((file) => chargeFileSchema.parse(file));
  return parsed;
}
