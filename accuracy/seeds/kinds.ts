import type { FaultKind } from './fault.js';
import { checkpointFaults } from './faults/checkpoint.js';
import { loadFaults } from './faults/load.js';
import { machineFaults } from './faults/machine.js';
import { skewFaults } from './faults/skew.js';
import { sourceFaults } from './faults/source.js';

/** Every kind of fault that is played; a new one is one line in its folder's file. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...loadFaults,
  ...skewFaults,
  ...machineFaults,
  ...checkpointFaults,
  ...sourceFaults,
];
