import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timed } from '../testing/cpu-time.js';
import { MASK, maskText, maskValue } from './mask.js';

describe('maskValue', () => {
  it.each([
    ['s3.access-key'],
    ['s3.secret-key'],
    ['fs.s3a.accessKey'],
    ['security.ssl.rest.key-password'],
    ['security.ssl.truststore-password'],
    ['metrics.reporter.dd.apikey'],
    ['metrics.reporter.x.api-key'],
    ['my.credentials'],
    ['my.passphrase'],
    ['ssh.private-key'],
    ['fs.azure.account.key.store'],
    ['delegation.token'],
    ['auth.value'],
    ['service-key'],
    ['http-headers'],
    ['sasl.jaas.config'],
    ['db.pass'],
  ])('%s is hidden', (key) => {
    expect(maskValue(key, 'hunter2')).toBe(MASK);
  });

  it.each([
    ['state.backend.type', 'rocksdb'],
    ['execution.checkpointing.interval', '10s'],
    ['security.delegation.tokens.enabled', 'true'],
    ['security.kerberos.login.keytab', '/etc/flink.keytab'],
    ['jobmanager.rpc.address', 'localhost'],
    ['high-availability.storageDir', 's3://bucket/ha'],
    ['taskmanager.memory.process.size', '1728m'],
  ])('%s is shown', (key, value) => {
    expect(maskValue(key, value)).toBe(value);
  });
});

describe('maskText', () => {
  it.each([
    ['a password in a URL', 'jdbc:x at postgres://bob:hunter2@db:5432/x', `jdbc:x at postgres://bob:${MASK}@db:5432/x`],
    ['a password with @ in it', 'amqp://u:hun@ter2@mq/x', `amqp://u:${MASK}@mq/x`],
    ['a JVM option', '-Xmx1g -Dx.password=hunter2 -Dy=1', `-Xmx1g -Dx.password=${MASK} -Dy=1`],
    ['a URL query', 'jdbc:mysql://h/db?user=a&password=hunter2&x=1', `jdbc:mysql://h/db?user=a&password=${MASK}&x=1`],
    [
      'a JAAS line',
      'PlainLoginModule required username="a" password="hunter2";',
      `PlainLoginModule required username="a" password=${MASK};`,
    ],
    ['a bearer token', 'Authorization=x, sent Bearer abcdefgh12345678', `Authorization=${MASK}, sent Bearer ${MASK}`],
    ['camel case', '{"secretKey": "hunter2"}', `{"secretKey": ${MASK}}`],
    ['an escaped quote in it', '{"secretKey": "hun\\"hunter2", "a": 1}', `{"secretKey": ${MASK}, "a": 1}`],
    ['JSON within JSON', String.raw`{\"password\":\"hunter2\",\"a\":1}`, String.raw`{\"password\":${MASK},\"a\":1}`],
    ['a text cut within the value', 'password="hunter2', `password=${MASK}`],
    ['a value in two pieces', 'password="hunter2"hunter2 x', `password=${MASK} x`],
    ['a flag of a command line', 'run --db-password hunter2 --x 1', `run --db-password ${MASK} --x 1`],
    ['an Oracle URL', 'jdbc:oracle:thin:scott/hunter2@//db:1521/x', `jdbc:oracle:thin:scott/${MASK}@//db:1521/x`],
    ['a signed URL', 'GET https://a.blob/x?sv=1&sig=hunter2%3D&se=2', `GET https://a.blob/x?sv=1&sig=${MASK}&se=2`],
    ['a cookie', 'Cookie: session=hunter2; b=hunter2', `Cookie: ${MASK}`],
    ['an access key id', 'with AKIAIOSFODNN7EXAMPLE.', `with ${MASK}.`],
    ['a JSON web token', 'sent eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.hunter2', `sent ${MASK}`],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----', MASK],
    ['a password named pass', 'db.pass=hunter2', `db.pass=${MASK}`],
    ['a word that only ends in pass', 'bypass=on', 'bypass=on'],
    ['a container of Azure, which is no user', 'abfss://data@acc.dfs/x:y', 'abfss://data@acc.dfs/x:y'],
    ['nothing to hide', 'at org.apache.flink.Task.run(Task.java:1)', 'at org.apache.flink.Task.run(Task.java:1)'],
  ])('%s', (_what, text, masked) => {
    expect(maskText(text)).toBe(masked);
    expect(maskText(text)).not.toContain('hunter2');
  });

  it('of a masked text changes nothing any more', () => {
    const word = fc.constantFrom(
      'password',
      'token',
      '=',
      ':',
      ' ',
      '"',
      '\\',
      'x',
      '//',
      '@',
      '--',
      'pass',
      "'",
      'Bearer ',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const once = maskText(words.join(''));
        expect(maskText(once)).toBe(once);
      }),
    );
  });

  it.each([
    ['letters', 'a'],
    ['secret words', 'token'],
    ['quotes that never end', 'token="\\"'],
    ['schemes', 'a://'],
    ['flags', ' --token'],
    ['blanks', 'token '],
  ])('of a hostile text of nothing but %s takes no minutes', (_what, unit) => {
    expect(timed(() => maskText(unit.repeat(200_000 / unit.length))).cpuMs).toBeLessThan(2_000);
  });
});
