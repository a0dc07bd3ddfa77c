/** Small builders for canned answers: repeatable noise, series, finding skeletons. */

const MINUTE = 60_000;

/** The same number in, the same noise out: pictures stay comparable. */
export function noise(seed) {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return x - Math.floor(x);
}

export const between = (low, high, seed) => low + (high - low) * noise(seed);

export function vertex(id, name, p, more = {}) {
  const busy = more.busy ?? Array.from({ length: p }, (_, i) => between(0.12, 0.2, i + name.length));
  const pressed = more.pressed ?? 0;
  const rate = more.rate ?? 1200;
  const shares = more.shares ?? busy.map(() => 1 / p);
  const subtasks = busy.map((busyRatio, subtask) => ({
    subtask,
    state: 'RUNNING',
    attempt: more.attempt ?? 0,
    taskManagerId: `tm-${(subtask % (more.taskManagers ?? 2)) + 1}`,
    busyRatio,
    backPressuredRatio: pressed,
    idleRatio: Math.max(0, 1 - busyRatio - pressed),
    recordsInPerSecond: more.isSource ? 0 : rate * shares[subtask],
    recordsOutPerSecond: rate * shares[subtask],
  }));
  return {
    vertexId: id,
    name,
    parallelism: p,
    maxParallelism: 128,
    isSource: more.isSource ?? false,
    isSink: more.isSink ?? false,
    tasks: { RUNNING: p },
    busyRatioMax: Math.max(...busy),
    busyRatioMean: busy.reduce((a, b) => a + b, 0) / p,
    backPressuredRatioMax: pressed,
    idleRatioMean: Math.max(0, 1 - busy.reduce((a, b) => a + b, 0) / p - pressed),
    recordsInPerSecond: more.isSource ? 0 : rate,
    recordsOutPerSecond: more.isSink ? 0 : rate,
    skewRatio: Math.max(...shares) * p,
    ...(more.lagSeconds === undefined ? {} : { lagSeconds: more.lagSeconds, pendingRecords: more.lagSeconds * rate }),
    mark: more.mark ?? 'working',
    subtasks,
  };
}

export const edge = (fromVertexId, toVertexId, shipStrategy, pressureRatio = 0) => ({
  fromVertexId,
  toVertexId,
  shipStrategy,
  pressureRatio,
});

export function taskManager(n, more = {}) {
  const heapMaxBytes = 1.5 * 2 ** 30;
  return {
    taskManagerId: `tm-${n}`,
    host: `worker-${n}.prod-a.internal`,
    slots: 4,
    slotsFree: 0,
    heapUsedBytes: heapMaxBytes * between(0.35, 0.55, n),
    heapMaxBytes,
    managedUsedBytes: 0.6 * 2 ** 30,
    managedTotalBytes: 1.2 * 2 ** 30,
    gcTimeRatio: 0.012,
    cpuCoresUsed: between(0.8, 1.4, n),
    cpuCores: 4,
    gone: false,
    ...more,
  };
}

export function finding(job, id, more) {
  return {
    id: `${job.cluster}.${job.jobId}.${id}`,
    rule: id,
    confidence: 0.9,
    state: 'firing',
    role: 'root',
    causedBy: [],
    rank: 1,
    basis: 'measured',
    cluster: job.cluster,
    jobId: job.jobId,
    jobName: job.name,
    subject: { kind: 'job' },
    evidence: [],
    wouldChange: [],
    notSeen: [],
    firstSeenMs: job.nowMs - 14 * MINUTE,
    lastSeenMs: job.nowMs - 4000,
    docs: `rules/${id}`,
    simulated: job.simulated,
    ...more,
  };
}

export const idOf = (job, rule) => `${job.cluster}.${job.jobId}.${rule}`;

export const evidence = (signal, label, value, unit, threshold, comparison, minutes = 5) => ({
  signal,
  label,
  value,
  unit,
  ...(threshold === undefined ? {} : { threshold, comparison: comparison ?? '>=' }),
  windowMs: minutes * MINUTE,
});

/** Series of every subtask of a vertex: around what it does now, with a step in time and a hole. */
export function series(it, metric, fromMs, toMs, points) {
  const stepMs = (toMs - fromMs) / points;
  const changedMs = toMs - 22 * MINUTE;
  const valueNow = {
    busyRatio: (s) => s.busyRatio,
    backPressuredRatio: (s) => s.backPressuredRatio,
    recordsInPerSecond: (s) => s.recordsInPerSecond,
  }[metric];
  const lines = it.subtasks.map((figures) => ({
    label: `${figures.subtask}`,
    vertexId: it.vertexId,
    subtask: figures.subtask,
    points: Array.from({ length: points }, (_, index) => {
      const atMs = Math.round(fromMs + index * stepMs);
      if (valueNow === undefined || (index > points * 0.18 && index < points * 0.22)) return [atMs, null];
      const now = valueNow(figures);
      const calm = metric === 'recordsInPerSecond' ? now * 0.8 : Math.min(now, 0.22);
      const base = atMs < changedMs ? calm : now;
      const value = base * between(0.86, 1.12, figures.subtask * 97 + index);
      return [atMs, metric === 'recordsInPerSecond' ? value : Math.min(1, value)];
    }),
  }));
  return { metric, unit: metric === 'recordsInPerSecond' ? 'records/s' : 'ratio', fromMs, toMs, lines };
}

export function checkpoints({
  nowMs,
  everyMs,
  count = 50,
  durationMs,
  phases,
  vertexId,
  vertexName,
  subtask,
  stateBytes,
  failedEvery = 0,
  timeoutMs,
}) {
  return Array.from({ length: count }, (_, index) => {
    const age = count - 1 - index;
    const isFailed = failedEvery > 0 && index % failedEvery === failedEvery - 2;
    const wobble = between(0.82, 1.15, index + everyMs);
    const total = isFailed ? timeoutMs : durationMs(index / count) * wobble;
    const isRunning = age === 0 && failedEvery > 0;
    return {
      id: 1200 + index,
      status: isRunning ? 'IN_PROGRESS' : isFailed ? 'FAILED' : 'COMPLETED',
      isSavepoint: false,
      triggerMs: Math.round(nowMs - age * everyMs - 20_000),
      durationMs: Math.round(isRunning ? 20_000 : total),
      stateSizeBytes: Math.round(stateBytes * (0.9 + 0.1 * (index / count))),
      checkpointedSizeBytes: Math.round(stateBytes * 0.12 * wobble),
      acknowledgedSubtasks: isFailed || isRunning ? 21 : 24,
      subtasks: 24,
      ...(isFailed ? { failureMessage: 'Checkpoint expired before completing.' } : {}),
      ...(isFailed || isRunning
        ? {}
        : {
            slowest: {
              vertexId,
              vertexName,
              subtask,
              startDelayMs: Math.round(total * phases[0]),
              alignmentMs: Math.round(total * phases[1]),
              syncMs: Math.round(total * phases[2]),
              asyncMs: Math.round(total * phases[3]),
            },
          }),
    };
  });
}

export const ramp = (low, high, n = 30, seed = 1) =>
  Array.from({ length: n }, (_, i) =>
    i === 7 ? null : low + ((high - low) * i) / (n - 1) + between(-0.06, 0.06, i + seed) * Math.max(high, 1),
  );
