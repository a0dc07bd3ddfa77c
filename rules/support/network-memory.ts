import type { Advice } from '../../analyzer/engine/recommendation.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { bytes, text } from '../../analyzer/text.js';
import type { JobHistory } from '../../collector/model/index.js';
import { MIB, partAdvice, type MemoryPart } from './memory-advice.js';

/** Room above what is needed (diagnosis F2). */
export const NETWORK_ROOM = 1.25;

/** Network memory for so many buffers and a quarter, instead of what there is. */
export function networkMemoryAdvice(
  buffers: { readonly total: number; readonly needed: number; readonly segmentBytes: number },
  job: JobFacts,
  history: JobHistory,
  more: Partial<Pick<MemoryPart, 'expected' | 'verify' | 'confidence'>> = {},
): readonly Advice[] {
  const fromBytes = buffers.total * buffers.segmentBytes;
  const toBytes = Math.ceil((buffers.needed * buffers.segmentBytes * NETWORK_ROOM) / MIB) * MIB;
  return partAdvice(
    {
      keys: ['taskmanager.memory.network.min', 'taskmanager.memory.network.max'],
      fromBytes,
      toBytes,
      page: 'network_mem_tuning',
      title: text(
        `Give each TaskManager ${bytes(toBytes)} of network memory instead of ${bytes(fromBytes)}`,
        `将每个 TaskManager 的网络内存从 ${bytes(fromBytes)} 增加到 ${bytes(toBytes)}`,
      ),
      confidence: 0.9,
      ...more,
    },
    job,
    history,
  );
}
