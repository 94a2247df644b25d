import type { Position } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { CrashPoint } from '../../src/crash-points/crash-points';
import type { OrchestratorProcess } from '../orchestrator-process';
import { ACCOUNT, ShareKhanFloor } from './sharekhan-floor';

const SYMBOL = 'RELIANCE';
const DEATHS: readonly (readonly [CrashPoint, 'part' | 'all'])[] = [
  ['change.send', 'part'],
  ['change.sent', 'part'],
  ['cancel.send', 'all'],
  ['cancel.sent', 'all'],
];
const LIVE = ['Pending', 'In-Process', 'Partly Executed'];

describe('46: the orchestrator is killed while a stop makes way', () => {
  it.each(DEATHS)(
    'at %s: the exit (%s) is carried out once or not at all, and one stop rests for what is left',
    async (point, what) => {
      const sk = await ShareKhanFloor.open();
      try {
        const first = await sk.start({ CRASH_POINT: point });
        await sk.follow(first);
        const held = async (service: OrchestratorProcess) =>
          (await service.get<Position[]>('positions')).find(({ accountId }) => accountId === ACCOUNT)
            ?.quantity ?? 0;
        const working = async () =>
          (await sk.broker.report()).filter((row) => LIVE.includes(row.orderStatus));
        const covered = async (service: OrchestratorProcess) => {
          const [rows, quantity] = [await working(), await held(service)];
          return quantity === 0 ? rows.length === 0 : rows.length === 1 && rows[0]?.orderQty === quantity;
        };
        sk.floor.breakout(SYMBOL);
        await waitFor(async () => (await held(first)) > 0 && (await covered(first)), { timeoutMs: 30_000 });
        const before = await held(first);
        const quantity = what === 'all' ? before : 1;
        await sk
          .place(first, { side: 'SELL', quantity, strategy: 'momentum-breakout' })
          .catch(() => 'the process dies before it answers');
        await waitFor(() => !first.alive, { timeoutMs: 30_000 });
        expect(first.endedBy).toBe('SIGKILL');

        const second = await sk.start({}, { login: false });
        const after = before - quantity;
        await waitFor(async () => (await held(second)) === after && (await covered(second)), {
          timeoutMs: 60_000,
          everyMs: 100,
        });
        expect(await sk.differences()).toEqual([]);
      } finally {
        await sk.close();
      }
    },
    150_000,
  );
});
