import type { Request } from 'express';
import type { Language } from '../../analyzer/text.js';
import { badRequest } from './problem.js';

/** One text parameter of the query; a repeated one is an error, because it is not clear which is meant. */
export function textParameter(request: Request, name: string): string | undefined {
  const value = request.query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw badRequest(`Give the parameter "${name}" once.`);
  return value;
}

export function numberParameter(request: Request, name: string, low: number, high: number): number | undefined {
  const value = textParameter(request, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isFinite(number) || number < low || number > high) {
    throw badRequest(`"${name}" must be a number from ${low} to ${high}, not "${value}".`);
  }
  return number;
}

export function choiceParameter<T extends string>(
  request: Request,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = textParameter(request, name);
  const choice = choices.find((candidate) => candidate === value);
  if (value !== undefined && choice === undefined) {
    throw badRequest(`"${name}" must be one of ${choices.join(', ')}, not "${value}".`);
  }
  return choice;
}

/** `?lang=` wins over `Accept-Language`; anything that is not Chinese gets English. */
export function languageOf(request: Request): Language {
  const asked = textParameter(request, 'lang') ?? request.acceptsLanguages(['en', 'zh-CN', 'zh']);
  return typeof asked === 'string' && asked.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
