import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isOff, isOn, settingOf } from '../support/settings.js';

const SUBMIT = 'web.submit.enable';
const EXPOSED = 'kubernetes.rest-service.exposed.type';

export const uiExposed = defineRule({
  id: 'ui-exposed',
  category: 'configuration',
  title: text('Whoever reaches the web interface may run code', '任何能访问 Web 界面的人都可运行代码'),
  severityMax: 'warning',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'any-state',
  needs: ['configuration', 'history'],
  options: {},
  detect({ job, nowMs, configuration }) {
    // Mutual TLS is the only authentication that Flink itself has.
    if (isOff(configuration, SUBMIT) || isOn(configuration, 'security.ssl.rest.authentication-enabled')) return [];
    const how = reachedBy(configuration);
    if (how === undefined) return [];
    return [
      {
        ...remark({
          subject: { kind: 'cluster' },
          confidence: 0.7,
          title: text(
            `The web interface takes jars, and is reached from outside: ${how}`,
            `Web 界面可上传 jar，且可从外部访问：${how}`,
          ),
          summary: text(
            'A jar that is submitted runs as Flink, with its credentials and its network. Switch submission off, let a network policy or a proxy with a login stand before it, or ask for client certificates.',
            '提交的 jar 以 Flink 的身份、凭据与网络运行。请关闭提交、在其前放置网络策略或带登录的代理，或要求客户端证书。',
          ),
          evidence: evidence('settingsFound', 1, runningMs(job, nowMs), ['>=', 1]),
          until: text('submission is off, or only known clients reach it', '关闭提交或仅允许已知客户端'),
        }),
        severity: 'warning' as const,
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    return settingAdvice(
      {
        kind: 'config',
        title: text('Take no jars over the web interface', '禁止通过 Web 界面上传 jar'),
        changes: [optionChange('jobmanager', SUBMIT, 'false', configuration)],
        effect: { metric: 'settingsFound', label: labelOf('settingsFound'), from: 1, to: 0, unit: 'count' },
        verify: ['=', 0],
        restart: 'cluster',
        note: text(
          'jobs are then submitted from the command line or by the operator',
          '此后需通过命令行或 operator 提交作业',
        ),
        source: 'deployment/security/security-ssl/',
      },
      { job, history },
    );
  },
});

/** Only what somebody set to be reached from elsewhere: 0.0.0.0 is what every container image binds. */
function reachedBy(configuration: Readonly<Record<string, string>>): string | undefined {
  const type = settingOf(configuration, EXPOSED);
  if (type !== undefined && /^(LoadBalancer|NodePort)$/i.test(type)) return `${EXPOSED}: ${type}`;
  const isOnBareMachine = settingOf(configuration, 'kubernetes.cluster-id') === undefined;
  const everywhere = settingOf(configuration, 'rest.bind-address') === '0.0.0.0';
  return isOnBareMachine && everywhere && isOn(configuration, SUBMIT) ? 'rest.bind-address: 0.0.0.0' : undefined;
}
