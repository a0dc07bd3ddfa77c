import { z } from 'zod';
import type { Outcome } from '../outcome.js';
import { outcomeOf, shortened, type Answer } from './http.js';

export interface Codes {
  /** Field that holds the code; 0 is success. */
  readonly field: 'errcode' | 'code';
  /** Codes that pass: the server is busy, or we were too fast. */
  readonly passing: readonly number[];
  /** How long the vendor stays deaf after being asked too often. */
  readonly afterMs: number;
}

const body = z.object({ errcode: z.number().optional(), code: z.number().optional() });

/** The chats of China answer 200 in any case; whether the message was taken is in the body. */
export function outcomeByCode(answer: Answer, { field, passing, afterMs }: Codes): Outcome {
  const byStatus = outcomeOf(answer);
  if (byStatus.kind !== 'sent' || !answer.ok) return byStatus;
  const code = codeIn(answer.body, field);
  if (code === 0) return byStatus;
  const why = `${code === undefined ? `no ${field} in the answer` : `${field} ${code}`}: ${shortened(answer.body)}`;
  return code !== undefined && passing.includes(code)
    ? { kind: 'later', why, maybeArrived: false, afterMs }
    : { kind: 'refused', why };
}

function codeIn(text: string, field: Codes['field']): number | undefined {
  try {
    const read = body.safeParse(JSON.parse(text));
    return read.success ? read.data[field] : undefined;
  } catch {
    return undefined;
  }
}
