import { Injectable } from '@nestjs/common';
import { SessionStore } from '@tickbridge/shared-cache';
import { StreamHub } from '../stream/stream.hub';

/** Ends sessions together with their live streams. */
@Injectable()
export class SessionEnd {
  constructor(
    private readonly sessions: SessionStore,
    private readonly streams: StreamHub,
  ) {}

  async end(idHash: string): Promise<void> {
    await this.sessions.revoke(idHash);
    this.streams.closeOwner(idHash);
  }

  /** Ends every session of a user. @param except one that stays @returns how many ended */
  async endAll(userId: string, except?: string): Promise<number> {
    const others = (await this.sessions.list(userId)).filter(({ idHash }) => idHash !== except);
    for (const { idHash } of others) await this.end(idHash);
    return others.length;
  }
}
