import { namedSchemas } from '@tickbridge/contracts';
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

const registry = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(namedSchemas)) registry.add(schema, { id });

/** Formats that say by themselves what their pattern says at length. */
const PLAIN_FORMATS = new Set(['date-time', 'date', 'uuid']);

/** Schemas of one specification: those with a name stand once among its components. */
export class ApiSchemas {
  private readonly components = new Map<string, JsonSchema>();

  /** What is sent: fields with a default may be left out. `hidden` fields are no part of it. */
  input(schema: z.ZodType, hidden: readonly string[] = []): JsonSchema {
    if (schema instanceof z.ZodObject && hidden.some((name) => name in schema.shape)) {
      return this.convert(z.strictObject(omit(schema.shape, hidden)), 'input');
    }
    return this.convert(schema, 'input');
  }

  /** What is answered. */
  output(schema: z.ZodType): JsonSchema {
    return this.convert(schema, 'output');
  }

  /** Puts a named schema among the components. */
  add(name: string): void {
    const schema = namedSchemas[name];
    if (schema === undefined) throw new TypeError(`There is no named schema ${name}.`);
    this.output(schema);
  }

  all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $schema: _draft, $defs: definitions = {}, ...root } = toJson(schema, io);
    const names = new Map<string, string>();
    for (const [name, definition] of Object.entries(definitions as Record<string, JsonSchema>)) {
      names.set(name, io === 'output' || isTheSameBothWays(name, definition) ? name : `${name}Input`);
    }
    for (const [name, definition] of Object.entries(definitions as Record<string, JsonSchema>)) {
      this.components.set(names.get(name) as string, renamed(definition, names));
    }
    return renamed(root, names);
  }
}

function toJson(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, {
    metadata: registry,
    io,
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      if (PLAIN_FORMATS.has(jsonSchema.format ?? '')) delete jsonSchema.pattern;
    },
  });
}

function isTheSameBothWays(name: string, input: JsonSchema): boolean {
  const { $defs: definitions = {} } = toJson(namedSchemas[name] as z.ZodType, 'output');
  return JSON.stringify((definitions as Record<string, JsonSchema>)[name]) === JSON.stringify(input);
}

function omit(shape: z.ZodRawShape, hidden: readonly string[]): z.ZodRawShape {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !hidden.includes(name)));
}

/** A copy whose references point to the components. */
function renamed(schema: JsonSchema, names: ReadonlyMap<string, string>): JsonSchema {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        key === '$ref' && typeof part === 'string' ? reference(part, names) : copy(part),
      ]),
    );
  };
  return copy(schema) as JsonSchema;
}

function reference(pointer: string, names: ReadonlyMap<string, string>): string {
  const name = pointer.replace('#/$defs/', '');
  return `#/components/schemas/${names.get(name) ?? name}`;
}
