import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SimulatorConfig } from '../config/app.config';
import { SimulatedMarket } from '../market/simulated-market';
import { ShareKhanBooks } from './sharekhan.books';
import { ShareKhanFaults, type ShareKhanCall, type ShareKhanFault } from './sharekhan.faults';
import { ShareKhanInstruments } from './sharekhan.instruments';
import { ShareKhanLogins } from './sharekhan.logins';
import { ShareKhanStream } from './sharekhan.stream';

/** Orders meet the market this often (ms). */
const MATCH_MS = 20;

/** ShareKhan as a whole: logins, books, acknowledgements, and the faults it shows. */
@Injectable()
export class ShareKhanServer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly faults = new ShareKhanFaults();
  readonly logins: ShareKhanLogins;
  readonly instruments: ShareKhanInstruments;
  readonly stream: ShareKhanStream;
  readonly books: ShareKhanBooks;
  private readonly calls = new Map<ShareKhanCall, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly config: SimulatorConfig,
    readonly market: SimulatedMarket,
  ) {
    this.logins = new ShareKhanLogins(config.shareKhan);
    this.instruments = new ShareKhanInstruments(market);
    this.stream = new ShareKhanStream(this.logins, this.faults);
    this.books = new ShareKhanBooks(this.instruments, this.faults, (news) => this.stream.tell(news));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.books.match(), MATCH_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stream.close();
  }

  count(call: ShareKhanCall): void {
    this.calls.set(call, (this.calls.get(call) ?? 0) + 1);
  }

  show(fault: ShareKhanFault): void {
    this.faults.add(fault);
    if (fault.kind === 'kill-tokens') this.logins.killAll();
    if (fault.kind === 'drop-streams') this.stream.drop();
    if (fault.kind === 'stops' && (fault.how === 'trigger' || fault.how === 'cancel'))
      this.books.moveStops(fault.how);
    if (fault.kind === 'clear') this.books.release();
  }

  /** Calls since the start, by kind, and open acknowledgement streams. */
  status(): { calls: Record<string, number>; streams: number } {
    return { calls: Object.fromEntries(this.calls), streams: this.stream.size };
  }
}
