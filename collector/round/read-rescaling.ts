import { capabilitiesOf } from '../flink/capabilities.js';
import type { Configuration } from '../flink/decode/configuration.decode.js';
import type { FlinkVersion } from '../model/index.js';
import { isEnded } from '../plan/job-turns.js';
import { rescaleEvent } from './job-changes.js';
import type { JobContext } from './round-context.js';

/** Only an adaptive scheduler has anything to say here: under any other one Flink answers 500. */
export function isAdaptive(options: Configuration): boolean {
  const scheduler = options['jobmanager.scheduler']?.toLowerCase();
  return scheduler === 'adaptive' || options['scheduler-mode']?.toLowerCase() === 'reactive';
}

/** What the scheduler may give each vertex, and the rescales it remembers. False: what it may give could not be read. */
export async function readRescaling(context: JobContext, version: FlinkVersion): Promise<boolean> {
  const { client, job } = context;
  // A batch job has another scheduler, whatever the cluster's is.
  if (job.detail.type === 'BATCH') return true;
  const { resourceRequirements, rescaleHistory } = capabilitiesOf(version);
  const [requirements, rescales] = await Promise.all([
    resourceRequirements && !isEnded(job.detail.state) ? client.resourceRequirements(job.jobId) : undefined,
    rescaleHistory ? client.rescales(job.jobId) : undefined,
  ]);
  if (requirements !== undefined) {
    job.missing.note('/jobs/:jobid/resource-requirements', requirements);
    if (requirements.ok) job.resourceRequirements = requirements.value;
  }
  if (rescales !== undefined) {
    job.missing.note('/jobs/:jobid/rescales/history', rescales);
    if (rescales.ok) noteRescales(context, rescales.value);
  }
  return requirements?.ok !== false;
}

function noteRescales({ job, batch, key }: JobContext, rescales: JobContext['job']['rescales']): void {
  const known = new Set(job.rescales?.map(({ id, endMs }) => `${id} ${endMs}`));
  for (const one of rescales ?? []) {
    if (!known.has(`${one.id} ${one.endMs}`)) batch.happened(key, rescaleEvent(one));
  }
  job.rescales = rescales;
}
