import { timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { sendProblem } from './problem.js';

/** Asks for `Authorization: Bearer <token>` on everything but the health checks; without a token it lets all pass. */
export function requireToken(token: string | undefined) {
  return function checkToken(request: Request, response: Response, next: NextFunction): void {
    if (token === undefined || OPEN_PATHS.has(request.path) || matches(bearer(request), token)) {
      next();
      return;
    }
    response.set('WWW-Authenticate', 'Basic realm="Weir", Bearer');
    sendProblem(response, {
      status: 401,
      title: 'Not signed in',
      detail:
        'Send the header "Authorization: Bearer <token>", or sign in with any user name and the token as password.',
    });
  };
}

const OPEN_PATHS = new Set(['/healthz', '/readyz']);

/** Browsers cannot add a bearer token to a page: basic authentication carries it as the password. */
function bearer(request: Request): string {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  return Buffer.from(value, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
}

function matches(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}
