// Whether the service of this container is ready. HEALTH_PORT says where it listens.
const response = await fetch(`http://127.0.0.1:${process.env.HEALTH_PORT}/health/ready`, {
  headers: { authorization: `Bearer ${process.env.INTERNAL_API_KEY}` },
  signal: AbortSignal.timeout(3_000),
}).catch(() => undefined);
process.exit(response?.ok ? 0 : 1);
