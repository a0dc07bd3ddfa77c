import { describe, expect, it } from 'vitest';
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
    ['nothing to hide', 'at org.apache.flink.Task.run(Task.java:1)', 'at org.apache.flink.Task.run(Task.java:1)'],
  ])('%s', (_what, text, masked) => {
    expect(maskText(text)).toBe(masked);
    expect(maskText(text)).not.toContain('hunter2');
  });
});
