import { Logger } from '@nestjs/common';
import type { MarketStatus } from '@tickbridge/contracts';
import { DatabaseUnavailableError } from '@tickbridge/database';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { VendorStatus } from '@tickbridge/trading-core';
import { VendorStatusWriter } from './vendor-status.writer';

const NOW = 1_763_600_000_000;

describe('what a vendor says of its market', () => {
  let said: VendorStatus | null;
  let contradiction: string | null;
  let told: VendorStatus[];
  let away: boolean;
  let writer: VendorStatusWriter;
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  const log = jest.spyOn(Logger.prototype, 'log').mockImplementation();

  const look = async (now: number) => {
    writer.look(now);
    await writer.beforeApplicationShutdown();
  };

  beforeEach(() => {
    [said, contradiction, told, away] = [null, null, [], false];
    jest.clearAllMocks();
    const status = {
      vendorStatus: () => said,
      marketStatus: () => ({ contradiction }) as MarketStatus,
    };
    const statuses = {
      tell: async (_feed: string, status: VendorStatus) => {
        if (away) throw new DatabaseUnavailableError('away');
        told.push(status);
      },
    };
    writer = new VendorStatusWriter([{ name: 'truedata', status }], statuses);
  });
  afterAll(() => jest.restoreAllMocks());

  it('is told once each time it is said', async () => {
    await look(NOW);
    expect(told).toEqual([]);
    said = { state: 'open', since: NOW, saidAt: NOW };
    await look(NOW + 500);
    await look(NOW + 1_000);
    expect(told).toEqual([said]);
    said = { ...said, saidAt: NOW + 60_000 };
    await look(NOW + 60_500);
    expect(told).toHaveLength(2);
  });

  it('is told when PostgreSQL is back', async () => {
    said = { state: 'closed', since: NOW, saidAt: NOW };
    away = true;
    await look(NOW);
    away = false;
    writer.look(NOW + 500);
    await waitFor(() => told.length === 1);
    expect(warn).not.toHaveBeenCalled();
  });

  it('is logged once while it contradicts the calendar, and once when it no longer does', async () => {
    contradiction = 'The calendar NSE_EQUITY says normal, the vendor says closed: no orders.';
    for (const now of [NOW, NOW + 500, NOW + 1_000]) await look(now);
    expect(warn.mock.calls.flat()).toEqual([`truedata: ${contradiction}`]);
    contradiction = null;
    for (const now of [NOW + 1_500, NOW + 2_000]) await look(now);
    expect(log.mock.calls.flat()).toEqual(['truedata: calendar and vendor agree again']);
  });
});
