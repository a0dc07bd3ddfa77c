import type { PriceOf } from '../dashboard/server/watch/watch.js';
import type { Prices } from '../reports/cost.js';
import { costOfWeek, heldOf } from '../reports/held.js';

/** What a change would cost in a week by the configured prices, reckoned as the weekly report does it. */
export function pricedAdvice(prices: Prices): PriceOf {
  return (cost, { cluster, signals, history }) => {
    const taskManagers = signals.get('taskManagers');
    const alive = (taskManagers.ok ? taskManagers.value : [])
      .filter(({ gone }) => !gone)
      .map(({ slots, cpuCores, memory }) => ({ slots, cpuCores, processBytes: memory.totalProcessBytes }));
    const held = heldOf(alive, signals.job.parallelism, history.jobsOnCluster);
    const money = costOfWeek(cost, held, cluster, prices)?.money;
    return money === undefined ? undefined : { money, currency: prices.currency };
  };
}
