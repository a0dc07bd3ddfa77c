import type { Clock } from '../clock.js';
import { createKeptFile } from './kept-file.js';

/** What TLS needs to know of the other side and of us. PEM texts, or files that hold them and may be replaced. */
export interface TlsOptions {
  readonly ca?: string;
  readonly caFile?: string;
  readonly cert?: string;
  readonly certFile?: string;
  readonly key?: string;
  readonly keyFile?: string;
  readonly servername?: string;
  /** False accepts any certificate: for trying things out only. */
  readonly rejectUnauthorized?: boolean;
}

/** The same with the files read: what `node:tls` takes. */
export type TlsMaterial = Omit<TlsOptions, 'caFile' | 'certFile' | 'keyFile'>;

/** The material now; the same object as long as nothing has changed. Rejects when a file cannot be read. */
export type TlsSource = () => Promise<TlsMaterial>;

const FILES = [
  ['caFile', 'ca', 'the CA file (tls.ca)'],
  ['certFile', 'cert', 'the client certificate (tls.cert)'],
  ['keyFile', 'key', 'the client key (tls.key)'],
] as const;

export function createTlsSource(options: TlsOptions, clock: Clock): TlsSource {
  const { caFile: _ca, certFile: _cert, keyFile: _key, ...fixed } = options;
  const files = FILES.flatMap(([fileKey, key, what]) => {
    const path = options[fileKey];
    return path === undefined ? [] : [{ key, read: createKeptFile(path, what, clock) }];
  });
  let material: TlsMaterial = fixed;
  if (files.length === 0) return () => Promise.resolve(material);
  return async () => {
    const texts = await Promise.all(files.map(async ({ key, read }) => [key, await read()] as const));
    if (texts.some(([key, text]) => material[key] !== text)) material = { ...fixed, ...Object.fromEntries(texts) };
    return material;
  };
}
