const TASK_STATES = [
  'CREATED',
  'SCHEDULED',
  'DEPLOYING',
  'INITIALIZING',
  'RUNNING',
  'FINISHED',
  'CANCELING',
  'CANCELED',
  'FAILED',
  'RECONCILING',
];
/** Between submission and the first RUNNING task. */
export const START_UP_MS = 3000;

/** Task counts with every state, as Flink writes them: all zero but RUNNING. */
export function counts(letters: 'lower' | 'upper', running: number): Record<string, number> {
  return Object.fromEntries(
    TASK_STATES.map((state) => [letters === 'lower' ? state.toLowerCase() : state, state === 'RUNNING' ? running : 0]),
  );
}
