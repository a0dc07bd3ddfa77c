import { pino, type Logger } from 'pino';

/** Logs go to stderr: stdout belongs to answers. */
export function createLog(env: Readonly<Record<string, string | undefined>>): Logger {
  return pino(
    { level: env.WEIR_LOG_LEVEL ?? 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  );
}
