import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AllowedHosts, carriesKey, isLoopback } from '@tickbridge/service-bootstrap';
import { SimulatorConfig } from '../config/app.config';
import { AlpacaServer } from '../alpaca/alpaca.server';
import { BinanceServer } from '../binance/binance.server';
import { ShareKhanServer } from '../sharekhan/sharekhan.server';
import { TrueDataServer } from '../truedata/truedata.server';

/**
 * Leads WebSocket upgrades on the one port to the protocol their path belongs to, under the rules of its HTTP calls:
 * hosts of ours alone, no browser, and beyond loopback the internal key where the vendor has no login of its own.
 */
@Injectable()
export class UpgradeRouter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly hosts: AllowedHosts;

  constructor(
    private readonly config: SimulatorConfig,
    private readonly http: HttpAdapterHost,
    private readonly trueData: TrueDataServer,
    private readonly binance: BinanceServer,
    private readonly shareKhan: ShareKhanServer,
    private readonly alpaca: AlpacaServer,
  ) {
    this.hosts = new AllowedHosts(config.bindAddress, config.allowedHosts);
  }

  onApplicationBootstrap(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request: IncomingMessage, wire: Duplex, head: Buffer) => {
      // A client that is gone before it is answered needs no answer; without a listener it would end the process.
      wire.once('error', () => wire.destroy());
      const path = (request.url ?? '/').split('?')[0];
      const refusal = this.refusalOf(request, path);
      if (refusal !== undefined) wire.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
      else if (path === '/') this.trueData.upgrade(request, wire, head);
      else if (path === '/stream' && this.binance.enabled) this.binance.upgrade(request, wire, head);
      else if (path === '/skstream/api/stream') this.shareKhan.stream.upgrade(request, wire, head);
      else if (path === '/v2/iex') this.alpaca.upgrade(request, wire, head);
      else wire.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    });
  }

  onApplicationShutdown(): void {
    this.trueData.close();
    this.binance.close();
    this.alpaca.close();
  }

  private refusalOf(request: IncomingMessage, path: string | undefined): string | undefined {
    if (!this.hosts.allows(request)) return '421 Misdirected Request';
    // Every browser names the page it comes from; a vendor's own clients are no browsers.
    if (request.headers.origin !== undefined) return '403 Forbidden';
    if (path !== '/stream' || isLoopback(this.config.bindAddress)) return undefined;
    return carriesKey(request, this.config.internalApiKey) ? undefined : '401 Unauthorized';
  }
}
