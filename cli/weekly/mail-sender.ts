import { mailTransport } from '../../alerts/notify/send/mail.js';
import { ChannelSecrets, type Env } from '../channel-secrets.js';
import { UsageError } from '../config/load.js';
import type { Config } from '../config/schema.js';
import type { SendMail } from './send-mail.js';

/**
 * How reports are mailed: through the server of the first channel of kind `mail`, whose own recipients get alerts only. Undefined
 * without such a channel. Schedule and `weir report --send` ask here. Throws `UsageError` for a secret that cannot be read.
 */
export function mailSender({ alerts }: Pick<Config, 'alerts'>, env: Env): SendMail | undefined {
  const at = alerts.channels.findIndex(({ kind }) => kind === 'mail');
  const channel = alerts.channels[at];
  if (channel?.kind !== 'mail') return undefined;
  const problems: string[] = [];
  const secrets = new ChannelSecrets(channel.name, `alerts.channels.${at}`, env, problems);
  secrets.check(channel.ca);
  const { host, port, security, username, from, ca } = channel;
  const password = secrets.optional('PASSWORD', channel.passwordFile);
  if (problems.length > 0) throw new UsageError(problems);
  return async ({ to, subject, html, text, attachments }) => {
    const transport = mailTransport({ host, port, security, username, password, caFile: ca });
    try {
      await transport.sendMail({
        from,
        to: [...to],
        subject,
        text,
        html,
        attachments: attachments.map((attachment) => ({ ...attachment, contentDisposition: 'inline' as const })),
        headers: { 'Auto-Submitted': 'auto-generated' },
        // What a report holds is never a file to read or an address to fetch.
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } finally {
      transport.close();
    }
  };
}
