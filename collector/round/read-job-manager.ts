import { toCount } from '../flink/decode/fields.decode.js';
import { wantsJobManagerCpu } from '../plan/beat.js';
import type { RoundContext } from './round-context.js';

const CPU_TIME = 'Status.JVM.CPU.Time';
const NANOSECONDS_PER_SECOND = 1e9;

/** How busy the JobManager is, so that the beat can spare it. */
export async function readJobManager({ client, cluster, round }: RoundContext): Promise<void> {
  if (!wantsJobManagerCpu(round)) return;
  const reading = await client.jobManagerMetrics([CPU_TIME]);
  const cpuTimeNs = reading.ok ? toCount(reading.value.get(CPU_TIME)) : undefined;
  if (cpuTimeNs !== undefined) cluster.setJobManagerCpu(cpuTimeNs / NANOSECONDS_PER_SECOND, reading.atMs);
}
