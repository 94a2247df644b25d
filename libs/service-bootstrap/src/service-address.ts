import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';

const EVERY_ADDRESS = new Set(['0.0.0.0', '::', '[::]']);

/** Where this instance can be reached by the others; known once it listens. */
@Injectable()
export class ServiceAddress {
  private tell: (address: string) => void = () => undefined;
  private readonly known = new Promise<string>((resolve) => (this.tell = resolve));

  /** Resolves with `http://host:port` once the service listens; never, in an application that does not. */
  whenListening(): Promise<string> {
    return this.known;
  }

  /** @param port on which it listens; `bindAddress` may stand for every address of the machine */
  listensOn(bindAddress: string, port: number): void {
    const host = EVERY_ADDRESS.has(bindAddress) ? hostname() : bindAddress;
    this.tell(`http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`);
  }
}
