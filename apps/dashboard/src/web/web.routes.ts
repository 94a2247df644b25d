import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerOf, isUnchecked } from '../access/caller';
import { redirectToSignIn } from '../authentication/dashboard.access';
import { readWebFiles, type WebFile } from './web-files';

/** Names with a hash in them never change their content. */
const HASHED = /^\/assets\/[\w.-]+-[\w-]{8,}\.(js|css)$/;

const NOT_BUILT = 'The web UI has not been built. Run: npm run build, or npx nx serve dashboard\n';

const UNCHECKED = 'Signing in is not possible at the moment: the database is away.\n';

/** The pages and their assets. */
export function addWebRoutes(server: FastifyInstance, directory: string | undefined): void {
  const files = directory === undefined ? [] : readWebFiles(directory);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const page = (name: string) => (request: FastifyRequest, reply: FastifyReply) => {
    const file = byPath.get(name);
    if (file === undefined) void reply.status(503).type('text/plain').send(NOT_BUILT);
    else send(file, request, reply);
  };
  const unavailable = (reply: FastifyReply) => {
    const file = byPath.get('/unavailable.html');
    void reply
      .status(503)
      .headers({ 'retry-after': '5', 'cache-control': 'no-store' })
      .type(file?.type ?? 'text/plain; charset=utf-8')
      .send(file?.body ?? UNCHECKED);
  };
  server.get('/', (request, reply) => {
    if (isUnchecked(request)) unavailable(reply);
    else if (callerOf(request) === undefined) redirectToSignIn(reply);
    else page('/index.html')(request, reply);
  });
  server.get('/sign-in', page('/sign-in.html'));
  server.get('/broker-login', page('/broker-login.html'));
  for (const file of files) {
    if (file.type.startsWith('text/html')) continue;
    server.get(file.path, (request, reply) => send(file, request, reply));
  }
}

/** Pages come from the server of their sources, which asks this one for everything else. */
export function leadPagesTo(server: FastifyInstance, address: string): void {
  for (const path of ['/', '/sign-in', '/broker-login']) {
    server.get(path, (request, reply) => {
      const { search } = new URL(request.url, address);
      void reply.redirect(new URL(`${path}${search}`, address).href, 307);
    });
  }
}

function send(file: WebFile, request: FastifyRequest, reply: FastifyReply): void {
  void reply.headers({
    etag: file.etag,
    'cache-control': HASHED.test(file.path) ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  if (request.headers['if-none-match'] === file.etag) void reply.status(304).send();
  else void reply.type(file.type).send(file.body);
}
