import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { RESTART_WINDOW_MS } from '../../analyzer/signals/restarts.js';
import { counted, text } from '../../analyzer/text.js';
import { causeText } from '../support/exceptions.js';
import { settingOf } from '../support/settings.js';

/** Words of the JDK, Kerberos, Hadoop and AWS clients. */
const EXPIRED =
  /CertificateExpiredException|certificate (?:has )?expired|NotAfter:|Ticket expired|GSSException: No valid credentials|token \([^)]*\) (?:is expired|can't be found in cache)|ExpiredToken(?:Exception)?\b|security token .* expired/i;
const HELD_MS = 3_600_000;

export const credentialsExpiry = defineRule({
  id: 'credentials-expiry',
  category: 'configuration',
  title: text('Credentials have expired', '凭据已过期'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history'],
  options: {},
  detect({ exceptions, history, nowMs }) {
    const recent = exceptions.groups.filter(({ lastSeenMs }) => nowMs - lastSeenMs <= HELD_MS);
    const found = recent.find(({ stacktrace }) => EXPIRED.test(stacktrace));
    if (found === undefined) return mayExpire(history.configuration) ? { notEvaluated: NOT_TOLD } : [];
    const cause = causeText(found.cause);
    return [
      {
        severity: 'warning' as const,
        confidence: 0.9,
        subject: { kind: 'job' as const },
        failure: found.key,
        title: text(`Credentials have expired: ${cause}`, `凭据已过期：${cause}`),
        summary: text(
          `Seen ${counted(found.count, 'time')}. A restart helps only when it brings new ones: renew the keytab, certificate or token, and let Flink renew tokens itself (security.delegation.tokens.enabled) where it can.`,
          `出现 ${found.count} 次。只有换上新凭据重启才有效：请更新 keytab、证书或令牌，并尽可能让 Flink 自行续期（security.delegation.tokens.enabled）。`,
        ),
        evidence: evidence('failures', found.count, Math.max(RESTART_WINDOW_MS, nowMs - found.firstSeenMs), ['>=', 1]),
        wouldChange: [text('an hour without this failure', '一小时内不再出现该失败')],
      },
    ];
  },
  // New credentials are no option of Flink.
  advise: () => [],
});

const SECRETS = [
  'security.kerberos.login.keytab',
  'security.ssl.rest.keystore',
  'security.ssl.internal.keystore',
  'security.ssl.keystore',
];

function mayExpire(configuration: Readonly<Record<string, string>>): boolean {
  return settingOf(configuration, ...SECRETS) !== undefined;
}

const NOT_TOLD = text(
  'a keytab or keystore is configured; when it expires only the file itself tells (klist, keytool -list -v)',
  '已配置 keytab 或密钥库；其到期时间只能查看文件本身（klist、keytool -list -v）',
);
