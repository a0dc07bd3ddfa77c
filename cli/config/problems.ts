import type { ZodError } from 'zod';

/** All that a schema found, one sentence each, with the path of the key. */
export function problemsOf(error: ZodError, whole = 'configuration'): readonly string[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => `${[path, key].filter((part) => part !== '').join('.')}: unknown key`);
    return [`${path === '' ? whole : path}: ${issue.message}`];
  });
}
