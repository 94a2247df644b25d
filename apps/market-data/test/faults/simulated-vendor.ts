import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceProcess } from '../service-process';

/** Trades and quotes per second of all simulated symbols: several per second of each liquid one. */
const TICKS_PER_SECOND = '400';

/** The simulated vendor as a process of its own, and a folder for what its clients write. */
export class SimulatedVendor {
  readonly directory = mkdtempSync(join(tmpdir(), 'fault-'));
  private readonly clients: ServiceProcess[] = [];

  private constructor(readonly process: ServiceProcess) {}

  static async start(env: Record<string, string> = {}): Promise<SimulatedVendor> {
    const directory = mkdtempSync(join(tmpdir(), 'vendor-'));
    const process = await ServiceProcess.start('feed-simulator', {
      DATA_DIR: directory,
      SIMULATOR_TICKS_PER_SECOND: TICKS_PER_SECOND,
      ...env,
    });
    return new SimulatedVendor(process);
  }

  /** A market-data process on this vendor. */
  async client(env: Record<string, string>): Promise<ServiceProcess> {
    const client = await ServiceProcess.start('market-data', {
      DATA_DIR: this.directory,
      FEED: 'simulator',
      SIMULATOR_PORT: this.process.port,
      ...env,
    });
    this.clients.push(client);
    return client;
  }

  async show(fault: object): Promise<void> {
    const response = await this.process.fetch('/api/v1/simulator/faults', {
      method: 'POST',
      body: JSON.stringify(fault),
    });
    if (!response.ok) throw new Error(`the vendor does not know ${JSON.stringify(fault)}`);
  }

  /** Quantity traded per second of a symbol, by the vendor's own word: ISO time to quantity. */
  async tradedPerSecond(symbol: string): Promise<Map<string, number>> {
    const csv = await (await this.process.fetch(`/getlastnticks?symbol=${symbol}&nticks=4000`)).text();
    const traded = new Map<string, number>();
    for (const line of csv.split('\r\n').slice(1)) {
      const [time = '', , quantity] = line.split(',');
      const second = new Date(`${time}+05:30`).toISOString();
      traded.set(second, (traded.get(second) ?? 0) + Number(quantity));
    }
    return traded;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) await client.kill();
    await this.process.kill();
    rmSync(this.directory, { recursive: true });
  }
}
