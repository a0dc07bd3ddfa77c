import type { NextFunction, Request, Response } from 'express';
import type { Problem } from '../contract.js';

/** An error that the caller is told about as it is: RFC 9457. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail);
  }
}

export function notFound(what: string): ApiProblem {
  return new ApiProblem(404, 'Not found', what);
}

export function badRequest(detail: string): ApiProblem {
  return new ApiProblem(400, 'Bad request', detail);
}

export function sendProblem(response: Response, { status, title, detail }: Omit<Problem, 'type'>): void {
  const problem: Problem = { type: 'about:blank', title, status, detail };
  response.status(status).type('application/problem+json').send(JSON.stringify(problem));
}

/** The one place where a route's error becomes an answer. Unknown errors are bugs: logged whole, told briefly. */
export function problemHandler(onBug: (error: Error) => void) {
  // Express tells error handlers from others by their four parameters.
  return function handleProblem(error: unknown, _request: Request, response: Response, next: NextFunction): void {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof ApiProblem) {
      sendProblem(response, error);
      return;
    }
    // Express throws this for an address such as `/jobs/%E0`.
    if (error instanceof URIError) {
      sendProblem(response, badRequest('The address cannot be read: a part of it is not valid percent-encoding.'));
      return;
    }
    onBug(error instanceof Error ? error : new Error(String(error)));
    sendProblem(response, {
      status: 500,
      title: 'Internal error',
      detail: 'Weir met an error of its own; the log has it. Please report it with the log line.',
    });
  };
}
