import type * as wire from '../../contract.js';
import type { CollectorStatus } from '../../../collector/index.js';

export function presentCluster(status: CollectorStatus & { readonly simulated: boolean }): wire.ClusterSummary {
  const { overview, failure } = status;
  return {
    name: status.name,
    url: status.url,
    state: status.reachable ? 'reachable' : 'unknown',
    requestsPerMinute: status.requestsPerMinute,
    simulated: status.simulated,
    ...(failure === undefined || status.reachable ? {} : { failure: failure.message }),
    ...(status.lastReadMs === undefined ? {} : { lastReadMs: status.lastReadMs }),
    ...(status.reachable || status.lastReadMs === undefined ? {} : { sinceMs: status.lastReadMs }),
    ...(status.flinkVersion === undefined ? {} : { flinkVersion: status.flinkVersion.text }),
    ...(overview === undefined
      ? {}
      : {
          taskManagers: overview.taskManagers,
          slotsTotal: overview.slotsTotal,
          slotsFree: overview.slotsAvailable,
          jobsRunning: overview.jobsRunning,
        }),
  };
}
