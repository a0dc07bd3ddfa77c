import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate with its key, PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority made for one test: nothing secret lies in the repository and nothing ever expires there. */
export interface TestAuthority {
  readonly ca: string;
  issue(name: string, options?: { readonly hosts?: readonly string[] }): TestCertificate;
}

const DAY_MS = 86_400_000;

export function createTestAuthority(name = 'Weir test CA'): TestAuthority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name, key: keys.privateKey };
  const ca = certificate(issuer, name, keys.publicKey, [
    // Basic constraints: a CA. Key usage: signs certificates.
    extension(OID.basicConstraints, sequence(der(0x01, [0xff]))),
    extension(OID.keyUsage, der(0x03, [0x02, 0x04])),
  ]);
  return {
    ca,
    issue(subject, { hosts = [] } = {}) {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const names = hosts.length === 0 ? [] : [extension(OID.subjectAltName, sequence(...hosts.map(generalName)))];
      return {
        cert: certificate(issuer, subject, own.publicKey, names),
        key: createPrivateKey(own.privateKey.export({ type: 'pkcs8', format: 'pem' }))
          .export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      };
    },
  };
}

interface Issuer {
  readonly name: string;
  readonly key: KeyObject;
}

const OID = {
  commonName: [0x55, 0x04, 0x03],
  subjectAltName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
  keyUsage: [0x55, 0x1d, 0x0f],
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
} as const;

/** X.509 v3 (RFC 5280 §4.1), written by hand because Node can read certificates but not make them. */
function certificate(issuer: Issuer, subject: string, key: KeyObject, extensions: readonly Buffer[]): string {
  const algorithm = sequence(der(0x06, OID.ecdsaWithSha256));
  const body = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1, ...randomBytes(8)]),
    algorithm,
    distinguishedName(issuer.name),
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    distinguishedName(subject),
    key.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [der(0xa3, sequence(...extensions))]),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, issuer.key)]));
  const base64 = sequence(body, algorithm, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
}

const distinguishedName = (name: string): Buffer =>
  sequence(der(0x31, sequence(der(0x06, OID.commonName), der(0x0c, Buffer.from(name)))));

const extension = (oid: readonly number[], value: Buffer): Buffer => sequence(der(0x06, oid), der(0x04, value));

/** A host name or an address of version 4, as subjectAltName has it. */
const generalName = (host: string): Buffer =>
  isIP(host) === 4 ? der(0x87, host.split('.').map(Number)) : der(0x82, Buffer.from(host));

const time = (ms: number): Buffer => der(0x17, Buffer.from(new Date(ms).toISOString().replace(/^..|[-:T]|\.\d+/g, '')));

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts));

/** One DER value: tag, length, content. */
function der(tag: number, content: readonly number[] | Buffer): Buffer {
  const body = Buffer.from(content);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
