import type { SideCopies } from '../../src/cache/side-copies';
import type { Bug } from './simulation';

/** Mistakes made on purpose: a checker that lets one of them pass proves nothing. */
export const PLANTED_BUGS: Readonly<Record<string, Bug>> = {
  'what was loaded is stored although the lease was lost': {
    server: (server) => {
      server.fill = (key, _token, asOf, record) =>
        server.put(key, { ...record, shape: record.shape }) && asOf;
    },
  },
  'a lease is given to everybody': {
    server: (server) => {
      const claim = server.claim.bind(server);
      server.claim = (key, token, leaseMs, force) => {
        const held = server.look(key);
        if (held?.token) server.release(key, held.token, 0);
        return claim(key, token, leaseMs, force);
      };
    },
  },
  'what was written during an outage replaces what is newer': {
    server: (server) => {
      const replayPut = server.replayPut.bind(server);
      server.replayPut = (key, record) => {
        server.foreign(key);
        return replayPut(key, record, Number.MAX_SAFE_INTEGER);
      };
    },
  },
  'memory keeps what others changed': {
    process: ({ engine }) => {
      engine.memory.delete = () => false;
    },
  },
  'memory is trusted after a link that broke': {
    process: ({ engine }) => {
      Object.defineProperty(engine.invalidations, 'epoch', { get: () => 1, set: () => undefined });
    },
  },
  'a read in flight is kept although its key changed': {
    process: ({ engine }) => {
      engine.flights.noteAmbiguousChange = () => undefined;
      engine.flights.noteAmbiguousChanges = () => undefined;
    },
  },
  'a copy in Memcached is believed without proof': {
    process: ({ engine }) => {
      (engine as unknown as { copies: SideCopies }).copies.changed = () => undefined;
    },
  },
  'a clearing by others is not noticed': {
    process: ({ engine }) => {
      engine.memory.deleteWhere = () => undefined;
    },
  },
  'a deletion of the outage is forgotten': {
    process: ({ engine }) => {
      const send = engine.pendingWrites.send.bind(engine.pendingWrites);
      engine.pendingWrites.send = async (key, write, work) => {
        if (write.record) return send(key, write, work);
        return engine.tier.available ? work().catch(() => undefined) : undefined;
      };
    },
  },
};
