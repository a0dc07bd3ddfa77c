import type { JobEvent } from '../../../contract.ts';

/** What every panel of a job page that reads for itself needs. */
export interface JobPanel {
  cluster: string;
  jobId: string;
  /** The page shows the job as it was then; `undefined`: as it is. */
  atMs: number | undefined;
  /** Changes when the page was read again. */
  revision: () => unknown;
  /** What happened to the job, for charts to mark. */
  events: readonly JobEvent[];
}

/** The end of a range that shows what happened at that moment too; `undefined`: now. */
export function endMs(atMs: number | undefined): number | undefined {
  return atMs === undefined ? undefined : atMs + 1;
}
