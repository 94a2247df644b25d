import { Client, type QueryConfig } from 'pg';

/** So many texts are remembered and so many statements prepared at most, on each connection. */
const MOST_STATEMENTS = 300;
/** Longer ones are lists, of another length each time. */
const LONGEST_TEXT = 6_000;

/**
 * A connection that lets PostgreSQL plan a statement once instead of every time: the second use prepares it.
 *
 * The platform's statements are few and short, and planning them costs more than running them.
 */
export class PreparingClient extends Client {
  private readonly seenOnce = new Set<string>();
  private readonly names = new Map<string, string>();

  // The overloads of `Client.query` are a dozen: what they share is the first argument.
  override query = ((config: unknown, ...rest: unknown[]) =>
    super.query(...([this.named(config), ...rest] as Parameters<Client['query']>))) as Client['query'];

  private named(config: unknown): unknown {
    if (!isNameless(config) || config.text.length > LONGEST_TEXT) return config;
    const name = this.names.get(config.text) ?? this.learn(config.text);
    return name === undefined ? config : { ...config, name };
  }

  private learn(text: string): string | undefined {
    if (this.names.size >= MOST_STATEMENTS) return undefined;
    if (this.seenOnce.delete(text)) {
      const name = `statement_${this.names.size}`;
      this.names.set(text, name);
      return name;
    }
    this.seenOnce.add(text);
    const [oldest] = this.seenOnce;
    if (this.seenOnce.size > MOST_STATEMENTS && oldest !== undefined) this.seenOnce.delete(oldest);
    return undefined;
  }
}

function isNameless(config: unknown): config is QueryConfig {
  return (
    typeof config === 'object' && config !== null && 'text' in config && !('name' in config && config.name)
  );
}
