import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { DocumentedProblem } from '@tickbridge/contracts';

type Responses = NonNullable<NonNullable<OpenAPIObject['components']>['responses']>;

const CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** Answers other than success of one specification: equal ones stand once among its components. */
export class ProblemAnswers {
  private readonly names = new Map<string, string>();
  private readonly components: Responses = {};

  /** @param problems of one status, in the order in which they are told */
  reference(status: number, problems: readonly DocumentedProblem[]): { $ref: string } {
    const description = problems.map(({ code, when }) => `- \`${code}\`: ${when}`).join('\n');
    const known = this.names.get(`${status} ${description}`);
    const name = known ?? this.freeName(status);
    if (known === undefined) {
      this.names.set(`${status} ${description}`, name);
      const codes = problems.map(({ code }) => code);
      this.components[name] = Object.assign({ description, content: CONTENT }, { 'x-codes': codes });
    }
    return { $ref: `#/components/responses/${name}` };
  }

  all(): Responses {
    return this.components;
  }

  /** `Conflict`, `Conflict2`, … */
  private freeName(status: number): string {
    const title = (STATUS_CODES[status] ?? String(status)).replace(/[^A-Za-z]/g, '');
    const taken = Object.keys(this.components).filter((name) => name.replace(/\d+$/, '') === title).length;
    return taken === 0 ? title : `${title}${taken + 1}`;
  }
}
