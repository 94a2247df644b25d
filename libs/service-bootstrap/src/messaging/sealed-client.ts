import type { BusEnvelope } from './bus-envelope';

/** What Nest's transport uses of an ioredis connection. */
export interface PubSubClient {
  publish(...args: unknown[]): unknown;
  subscribe(...args: unknown[]): unknown;
  unsubscribe(...args: unknown[]): unknown;
}

/**
 * Makes a connection of Nest's transport seal what it publishes, and use channels with the installation's prefix.
 *
 * @returns the same connection
 */
export function sealed<Client extends PubSubClient>(
  client: Client,
  envelope: BusEnvelope,
  prefix: string,
): Client {
  const publish = client.publish.bind(client);
  const subscribe = client.subscribe.bind(client);
  const unsubscribe = client.unsubscribe.bind(client);
  client.publish = (channel, text, ...rest) =>
    publish(prefix + String(channel), envelope.seal(String(channel), String(text)), ...rest);
  client.subscribe = (channel, ...rest) => subscribe(prefix + String(channel), ...rest);
  client.unsubscribe = (channel, ...rest) => unsubscribe(prefix + String(channel), ...rest);
  return client;
}

/** The channel as the services name it. */
export function withoutPrefix(channel: string, prefix: string): string {
  return channel.startsWith(prefix) ? channel.slice(prefix.length) : channel;
}
