import express, { type NextFunction, type Request, type Response } from 'express';
import type { z } from 'zod';
import { ApiProblem, badRequest } from './problem.js';

/**
 * Reads a JSON body. Only `application/json` is taken: a form on another site cannot send that without asking first, so
 * a browser that is signed in here cannot be made to.
 */
export function jsonBody(maxBytes: number) {
  const read = express.json({ limit: maxBytes, type: 'application/json' });
  return function readBody<P>(request: Request<P>, response: Response, next: NextFunction): void {
    read(request, response, (error?: unknown) => {
      if (error !== undefined) next(bodyProblem(error, maxBytes));
      else if (request.is('application/json') === false) next(NOT_JSON);
      else next();
    });
  };
}

/** The body by its schema. All that is wrong is told at once, each with its path. */
export function parsedBody<T>(request: { readonly body?: unknown }, schema: z.ZodType<T>): T {
  const { body } = request;
  if (body === undefined) throw badRequest('A JSON body is missing.');
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw badRequest(read.error.issues.map(({ path, message }) => `${pathText(path)}: ${message}`).join('; '));
}

const NOT_JSON = new ApiProblem(
  415,
  'Unsupported media type',
  'Send the body as JSON, with the header "Content-Type: application/json".',
);

function bodyProblem(error: unknown, maxBytes: number): unknown {
  // What body-parser throws names its kind in `type` and the status that it asks for.
  const { type = '', status = 500 } = error as { readonly type?: string; readonly status?: number };
  if (type === 'entity.too.large') {
    return new ApiProblem(413, 'Too large', `The body may have ${maxBytes} bytes at most.`);
  }
  if (type === 'entity.parse.failed') return badRequest('The body is not valid JSON.');
  if (status === 415) return NOT_JSON;
  return status < 500 ? badRequest('The body could not be read.') : error;
}

/** `changes[0].to`, as the sender wrote it. */
function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'body';
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('');
}
