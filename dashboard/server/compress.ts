import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { NextFunction, Request, Response } from 'express';

/** Under this, the header of a gzip stream and the time cost more than they save. */
export const COMPRESS_FROM_BYTES = 1024;
/** Answers are made anew each time, so speed counts more than the last per cent. */
const GZIP_LEVEL = 4;
const gzipped = promisify(gzip);

/** Sends a text whose `Content-Type` is set, compressed where the client takes it and it pays. */
export async function sendText(request: Request, response: Response, body: string): Promise<void> {
  response.vary('Accept-Encoding');
  if (Buffer.byteLength(body) < COMPRESS_FROM_BYTES || request.acceptsEncodings('gzip') === false) {
    response.send(body);
    return;
  }
  const packed = await gzipped(body, { level: GZIP_LEVEL });
  response.set('Content-Encoding', 'gzip').send(packed);
}

/** Makes `response.json` compress. The event stream writes for itself and is not touched. */
export function compressJson(request: Request, response: Response, next: NextFunction): void {
  response.json = (body: unknown) => {
    sendText(request, response.type('json'), JSON.stringify(body)).catch(next);
    return response;
  };
  next();
}
