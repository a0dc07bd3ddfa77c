/** What every panel of a job page that reads for itself needs. */
export interface JobPanel {
  cluster: string;
  jobId: string;
  /** Changes when the page was read again. */
  revision: () => unknown;
}
