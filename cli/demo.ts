import type { Command } from 'commander';
import { DEMO_JOBS } from '../sim/demo/jobs.js';
import { ClusterSim } from '../sim/model/cluster-sim.js';
import { serveSim } from '../sim/server.js';
import { UsageError } from './config/load.js';

/** The simulated jobs have run this long when the first request comes. */
const HEAD_START_MS = 3_600_000;

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('only the simulated cluster with known faults, serving Flink REST on this machine')
    .option('--port <port>', 'port to listen on (default: one that is free)', '0')
    .action(async ({ port }: { port: string }) => {
      const number = Number(port);
      if (!Number.isInteger(number) || number < 0 || number > 65_535)
        throw new UsageError([`--port ${port}: must be a number from 0 to 65535`]);
      const sim = new ClusterSim(DEMO_JOBS, Date.now() - HEAD_START_MS);
      const server = await serveSim(sim, () => Date.now(), number);
      process.stdout.write(`${server.url}\n`);
      process.stderr.write(
        `A simulated Flink ${DEMO_JOBS.length}-job cluster; watch it with: weir check ${server.url}\n`,
      );
      const stop = (): void => void server.close().then(() => process.exit(0));
      process.on('SIGINT', stop);
      process.on('SIGTERM', stop);
    });
}
