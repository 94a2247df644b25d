import { Client, type QueryConfig } from 'pg';
import { isConstraintViolation } from './database.errors';

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
  private prepared = 0;
  private sent: () => void = () => undefined;

  // The overloads of `Client.query` are a dozen: what they share are the first two arguments.
  override query = ((config: unknown, ...rest: unknown[]) => {
    if (!isStatement(config)) return this.send(config, ...rest);
    const answer = this.send({ ...config, name: this.nameOf(config, rest[0]) }, ...rest);
    if (answer instanceof Promise) answer.catch((error: unknown) => this.doubt(config.text, error));
    return answer;
  }) as Client['query'];

  /** Resolves when the next statement is on its way. */
  whenSent(): Promise<void> {
    return new Promise((resolve) => (this.sent = resolve));
  }

  private send(...query: unknown[]): unknown {
    this.sent();
    return super.query(...(query as Parameters<Client['query']>));
  }

  /** The name here, whatever the statement is called elsewhere. */
  private nameOf({ text }: QueryConfig, values: unknown): string | undefined {
    // Without values it may be several commands, which cannot be prepared.
    if (!Array.isArray(values) || values.length === 0 || text.length > LONGEST_TEXT) return undefined;
    return this.names.get(text) ?? this.learn(text);
  }

  private learn(text: string): string | undefined {
    if (this.prepared >= MOST_STATEMENTS) return undefined;
    if (this.seenOnce.delete(text)) {
      const name = `statement_${++this.prepared}`;
      this.names.set(text, name);
      return name;
    }
    this.seenOnce.add(text);
    const [oldest] = this.seenOnce;
    if (this.seenOnce.size > MOST_STATEMENTS && oldest !== undefined) this.seenOnce.delete(oldest);
    return undefined;
  }

  /**
   * A plan may have become impossible, as when a migration changes a column's type, and PostgreSQL may not have the
   * statement at all: the next use begins anew. A row that is refused says nothing against the statement.
   */
  private doubt(text: string, error: unknown): void {
    if (!isConstraintViolation(error)) this.names.delete(text);
  }
}

function isStatement(config: unknown): config is QueryConfig {
  return typeof config === 'object' && config !== null && 'text' in config && !('submit' in config);
}
