import type { CheckpointRow } from '../../../contract.ts';
import { f, t } from '../../lib/i18n.svelte.ts';

/** One checkpoint in one line. */
export function checkpointWords(row: CheckpointRow): string {
  const time = f().duration(row.durationMs);
  const how = t(`checkpoint.status.${row.status}`, { time });
  const kind = row.isSavepoint ? t('checkpoint.savepoint') : t('checkpoint.name');
  return `${kind} ${row.id} · ${f().clock(row.triggerMs)} · ${how}`;
}
