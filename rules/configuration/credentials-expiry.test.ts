import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { credentialsExpiry } from './credentials-expiry.js';

const set = (configuration: Readonly<Record<string, string>>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  configuration,
  ...more,
});
const expired = (words: string, at = 150): JobSpec => ({
  ...job.HEALTHY,
  exceptions: [
    { at, trace: `java.io.IOException: cannot write\n\tat lab.Work.apply(Work.java:88)\nCaused by: ${words}` },
  ],
});
const NOT_TOLD =
  'skipped: a keytab or keystore is configured; when it expires only the file itself tells (klist, keytool -list -v)';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  [
    'fires on a certificate',
    expired('java.security.cert.CertificateExpiredException: NotAfter: Thu Jan 01 00:00:00 UTC 2026'),
    'warning job',
  ],
  [
    'fires on a ticket',
    expired('GSSException: No valid credentials provided (Mechanism level: Ticket expired (32))'),
    'warning job',
  ],
  [
    'fires on a token of Hadoop',
    expired("InvalidToken: token (HDFS_DELEGATION_TOKEN token 42 for flink) can't be found in cache"),
    'warning job',
  ],
  ['is quiet about another failure', expired('java.lang.IllegalStateException: the session expired'), 'clear'],
  ['is quiet when there is nothing to expire', set({ a: 'b' }), 'clear'],
  [
    'is not evaluated with a keytab and no failure',
    set({ 'security.kerberos.login.keytab': '/etc/flink.keytab' }),
    NOT_TOLD,
  ],
  [
    'forgets it after an hour',
    { ...expired('GSSException: No valid credentials provided', 10), samples: 365 },
    'clear',
  ],
  [
    'is skipped when exceptions cannot be read',
    { ...job.HEALTHY, missing: ['/jobs/:jobid/exceptions'] },
    'skipped: /jobs/:jobid/exceptions could not be read: HTTP 500',
  ],
];

describe('credentials-expiry', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, credentialsExpiry);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [credentialsExpiry])).toEqual([]);
  });
});
