import type { Config } from '../config/schema.js';
import type { SendMail } from './send-mail.js';

/** How reports are mailed; undefined while no mail server is configured. Schedule and `weir report --send` ask here. */
export function mailSender(_config: Config): SendMail | undefined {
  return undefined;
}
