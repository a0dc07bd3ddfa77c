import { agg, map, sink, source, type GraphNode } from '../graph.js';
import type { ChainTruth } from './judge.js';

/** From the moment at which all tasks run. */
export const FAULT_FROM_S = 300;

export interface ChainCase {
  readonly id: string;
  readonly title: string;
  readonly graph: readonly GraphNode[];
  readonly truth: ChainTruth;
  readonly faultUntilS: number;
  /** A TaskManager goes, and another comes, where the fault is not in the job. */
  readonly losesTaskManager?: true;
}

const graphWith = (fault: { readonly untilS: number } | undefined): readonly GraphNode[] => [
  source('src', { p: 2, rate: 100, keys: 'uniform:10000' }),
  map('lookup', 'src:rebalance', {
    p: 2,
    parkUs: 1000,
    chain: 'off',
    ...(fault === undefined ? {} : { faultParkUs: 14_000, faultFromS: FAULT_FROM_S, faultUntilS: fault.untilS }),
  }),
  agg('agg', 'lookup:hash', { p: 2, chain: 'off' }),
  sink('sink', 'agg:forward', { p: 2 }),
];

/** Jobs that run well for five minutes, are hit by a fault, and get well again. */
export const chainCases: readonly ChainCase[] = [
  {
    id: 'slow-dependency',
    title: 'what a lookup asks takes 14 ms instead of 1: 143/s of 200/s',
    graph: graphWith({ untilS: 900 }),
    faultUntilS: 900,
    truth: {
      operator: 'lookup',
      rule: 'bp-external-wait',
      verdictAlert: 'WeirBpExternalWait',
      reporterAlert: 'FlinkVertexAtItsLimit',
    },
  },
  {
    id: 'lost-taskmanager',
    title: 'one of two TaskManagers is gone for five minutes',
    graph: graphWith(undefined),
    faultUntilS: 600,
    losesTaskManager: true,
    truth: {
      rule: 'tm-lost',
      verdictAlert: 'WeirTmLostCritical',
      reporterAlert: 'FlinkTaskManagerLost',
    },
  },
];
