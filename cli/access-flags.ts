import type { Command } from 'commander';
import { readSecret, type Access } from './clusters.js';
import { UsageError } from './config/load.js';

export interface AccessFlags {
  readonly header?: readonly string[];
  readonly tokenFile?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Adds the flags that say how to get past a proxy or TLS. */
export function accessFlags(command: Command): Command {
  return command
    .option('--header <header>', 'a header for each request, as "Name: value" (repeat for more)', collect, [])
    .option('--token-file <file>', 'file with a bearer token')
    .option('--ca <file>', 'certificate authority, PEM')
    .option('--cert <file>', 'client certificate, PEM')
    .option('--key <file>', 'key of the client certificate, PEM');
}

export function accessFrom({ header = [], tokenFile, ca, cert, key }: AccessFlags): Access {
  const bad = header.filter((line) => !/^[\w-]+\s*:\s*\S/.test(line));
  if (bad.length > 0) throw new UsageError(bad.map((line) => `--header ${line}: write it as "Name: value"`));
  const headers = Object.fromEntries(
    header.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
  return {
    ...(header.length === 0 && tokenFile === undefined
      ? {}
      : { auth: { headers, ...(tokenFile === undefined ? {} : { bearerTokenFile: tokenFile }) } }),
    ...(ca === undefined && cert === undefined && key === undefined
      ? {}
      : {
          tls: {
            ...(ca === undefined ? {} : { ca }),
            ...(cert === undefined ? {} : { cert }),
            ...(key === undefined ? {} : { key }),
          },
        }),
  };
}

/** The words that get Weir past logins, as far as they are known at the start: none of them may get into a file. */
export function accessSecretsOf(url: string, { header = [], tokenFile }: AccessFlags): readonly string[] {
  const password = URL.canParse(url) ? decodeURIComponent(new URL(url).password) : '';
  return [
    ...header.map((line) => line.slice(line.indexOf(':') + 1).trim()),
    ...(tokenFile === undefined ? [] : [readSecret(tokenFile).trim()]),
    ...(password === '' ? [] : [password]),
  ];
}

export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
