import type { Text } from '../../text.js';

/** Something about a setting that a person should know. */
export interface SettingNote {
  /** The name by which the option is set, or would be. */
  readonly key: string;
  readonly severity: 'critical' | 'warning' | 'info';
  readonly message: Text;
}
