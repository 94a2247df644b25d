/** What an address of Redis says; what it leaves out is absent. */
export interface RedisAddress {
  host?: string;
  port?: number;
  /** Unix socket, instead of host and port. */
  path?: string;
  username?: string;
  password?: string;
  db?: number;
  tls: boolean;
}

const EXPECTED = 'expected redis://, rediss:// or unix:// address';
const SCHEMES = new Set(['redis:', 'rediss:', 'unix:', 'redis+unix:', 'redis+socket:']);

/**
 * Reads an address of Redis as people write them: with a stray `%` in the password, the database as path or as `?db=`.
 *
 * @returns what is wrong with it, as text without any part of the address, when it cannot be used
 */
export function readRedisUrl(text: string): RedisAddress | string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || !SCHEMES.has(url.protocol)) {
    return text.includes('#') ? `${EXPECTED}; "#" in a password is written %23` : EXPECTED;
  }
  if (url.hash !== '') return 'expected no "#"; in a password it is written %23';
  const socket = url.protocol.includes('unix') || url.protocol.includes('socket');
  const query = readQuery(url);
  if (typeof query === 'string') return query;
  const inPath = socket ? undefined : readDatabase(url.pathname.slice(1));
  if (typeof inPath === 'string') return inPath;
  if (inPath !== undefined && query.db !== undefined && inPath !== query.db) {
    return 'expected one database; the path and "db" name two';
  }
  const db = inPath ?? query.db;
  const common = {
    ...(url.username !== '' && { username: decoded(url.username) }),
    ...(url.password !== '' && { password: decoded(url.password) }),
    ...query,
    ...(db !== undefined && { db }),
    tls: url.protocol === 'rediss:',
  };
  if (socket) {
    const path = decoded(url.pathname);
    if (url.hostname !== '' || path === '/' || path === '') return 'expected unix:///path/to/redis.sock';
    return { ...common, path };
  }
  if (url.hostname === '') return `${EXPECTED} with a host`;
  if (url.port === '0') return 'expected a port from 1 to 65535';
  return {
    ...common,
    host: decoded(url.hostname.replace(/^\[(.*)\]$/, '$1')),
    ...(url.port !== '' && { port: Number(url.port) }),
  };
}

/** `host`, `host:port`, `[IPv6]`, `[IPv6]:port` or a bare IPv6 address; `undefined` for anything else. */
export function hostAndPort(text: string, defaultPort: number): { host: string; port: number } | undefined {
  const match =
    /^\[([0-9a-f:.]+)\](?::(\d+))?$/i.exec(text) ??
    /^([^\s:[\]/]+)(?::(\d+))?$/.exec(text) ??
    /^([0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*)$/i.exec(text);
  if (match?.[1] === undefined) return undefined;
  const port = match[2] === undefined ? defaultPort : Number(match[2]);
  return port >= 1 && port <= 65_535 ? { host: match[1], port } : undefined;
}

function readQuery(url: URL): { db?: number; username?: string; password?: string } | string {
  const known = new Set(['db', 'database', 'username', 'user', 'password']);
  for (const name of url.searchParams.keys()) {
    if (!known.has(name)) return 'has a parameter nobody reads; known are db, username and password';
  }
  const { searchParams } = url;
  const db = readDatabase(searchParams.get('db') ?? searchParams.get('database') ?? '');
  if (typeof db === 'string') return db;
  const username = searchParams.get('username') ?? searchParams.get('user');
  const password = searchParams.get('password');
  return {
    ...(db !== undefined && { db }),
    ...(username !== null && { username }),
    ...(password !== null && { password }),
  };
}

function readDatabase(text: string): number | string | undefined {
  if (text === '') return undefined;
  return /^\d{1,5}$/.test(text) ? Number(text) : 'expected a number as database, as in redis://host:6379/2';
}

/** Percent signs that are no escapes stand for themselves. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+|%/gi, (part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      // Escapes that are no UTF-8 were not meant as escapes.
      return part;
    }
  });
}
