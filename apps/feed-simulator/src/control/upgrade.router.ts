import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { BinanceServer } from '../binance/binance.server';
import { ShareKhanServer } from '../sharekhan/sharekhan.server';
import { TrueDataServer } from '../truedata/truedata.server';

/** Leads WebSocket upgrades on the one port to the protocol their path belongs to. */
@Injectable()
export class UpgradeRouter implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly http: HttpAdapterHost,
    private readonly trueData: TrueDataServer,
    private readonly binance: BinanceServer,
    private readonly shareKhan: ShareKhanServer,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request: IncomingMessage, wire: Duplex, head: Buffer) => {
      const path = (request.url ?? '/').split('?')[0];
      if (path === '/') this.trueData.upgrade(request, wire, head);
      else if (path === '/stream' && this.binance.enabled) this.binance.upgrade(request, wire, head);
      else if (path === '/skstream/api/stream') this.shareKhan.stream.upgrade(request, wire, head);
      else wire.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    });
  }

  onApplicationShutdown(): void {
    this.trueData.close();
    this.binance.close();
  }
}
