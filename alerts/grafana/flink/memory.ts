import { garbageCollection } from '../../prometheus/reporter/collectors.js';
import type { DashboardContent } from '../dashboard.js';
import { lines, one } from '../panel.js';
import { OPERATOR, STATUS, type FlinkParts } from './parts.js';

export function memory(parts: FlinkParts): DashboardContent {
  const { inClusters, ofTaskManagers, taskManager, vertex, taskManagerLegend: legend, vertexLegend, ofJobs } = parts;
  const of = (metric: string): string => `${STATUS}${metric}{${ofTaskManagers}}`;
  const byTaskManager = (expr: string): string => `max by (${taskManager}) (${expr})`;
  const gc = byTaskManager(
    garbageCollection('Time', (series) => `rate(${series}{${ofTaskManagers}}[$__rate_interval]) / 1000`),
  );
  return {
    uid: 'flink-memory',
    title: 'Flink / Memory',
    description: 'Heap, garbage collection and the other memory of TaskManagers.',
    variables: [...parts.clusterVariables, parts.taskManagerVariable, parts.jobVariable],
    rows: [
      {
        title: 'Heap',
        panels: [
          one('TaskManagers', 'short', 'Chosen ones that are scraped.', `count(${of('JVM_Memory_Heap_Max')})`),
          one('Most time in collections', 'percentunit', 'From 10 % on tasks stand still.', `max(${gc})`),
          one(
            'JobManager’s heap',
            'percentunit',
            'Share in use.',
            `max(flink_jobmanager_Status_JVM_Memory_Heap_Used{${inClusters}} / (flink_jobmanager_Status_JVM_Memory_Heap_Max{${inClusters}} > 0))`,
          ),
          {
            ...lines(
              'Heap in use',
              'percentunit',
              'A saw blade is well, however high: only what is left after collections counts.',
              { expr: byTaskManager(`${of('JVM_Memory_Heap_Used')} / ${of('JVM_Memory_Heap_Max')}`), legend },
            ),
            max: 1,
          },
          {
            ...lines(
              'Lowest use in ten minutes',
              'percentunit',
              'What is alive, if there were collections. A line that only rises is a leak.',
              {
                expr: byTaskManager(`min_over_time(${of('JVM_Memory_Heap_Used')}[10m]) / ${of('JVM_Memory_Heap_Max')}`),
                legend,
              },
            ),
            max: 1,
          },
          {
            ...lines('Time in garbage collection', 'percentunit', 'Healthy: under 1 %.', { expr: gc, legend }),
            max: 1,
          },
          lines('Collections', 'cps', 'Of all collectors, a second.', {
            expr: byTaskManager(
              garbageCollection('Count', (series) => `rate(${series}{${ofTaskManagers}}[$__rate_interval])`),
            ),
            legend,
          }),
        ],
      },
      {
        title: 'Outside the heap',
        panels: [
          lines('Metaspace', 'percentunit', 'Rises with restarts on a session cluster: classes that are not let go.', {
            expr: byTaskManager(`${of('JVM_Memory_Metaspace_Used')} / (${of('JVM_Memory_Metaspace_Max')} > 0)`),
            legend,
          }),
          lines('Direct memory', 'bytes', 'Network buffers and what code takes outside the heap.', {
            expr: byTaskManager(of('JVM_Memory_Direct_MemoryUsed')),
            legend,
          }),
          {
            ...lines('Managed memory', 'percentunit', 'RocksDB, sorts, Python. 0 with state on the heap.', {
              expr: byTaskManager(`${of('Flink_Memory_Managed_Used')} / (${of('Flink_Memory_Managed_Total')} > 0)`),
              legend,
            }),
            max: 1,
          },
          {
            ...lines('Network memory', 'percentunit', 'Buffers in use.', {
              expr: byTaskManager(`${of('Shuffle_Netty_UsedMemory')} / (${of('Shuffle_Netty_TotalMemory')} > 0)`),
              legend,
            }),
            max: 1,
          },
          lines('CPU', 'percentunit', 'Of the machine, as the JVM sees it.', {
            expr: byTaskManager(of('JVM_CPU_Load')),
            legend,
          }),
          lines('Threads', 'short', 'A line that only rises is a leak.', {
            expr: byTaskManager(of('JVM_Threads_Count')),
            legend,
          }),
        ],
      },
      {
        title: 'RocksDB',
        panels: [
          {
            ...lines('Block cache in use', 'bytes', 'By vertex.', {
              expr: `sum by (${vertex}) ({__name__=~"${OPERATOR}.*rocksdb_block_cache_usage", ${ofJobs}})`,
              legend: vertexLegend,
            }),
            needs: 'RocksDB metrics: state.backend.rocksdb.metrics.block-cache-usage: true.',
          },
          {
            ...lines('Compaction pending', 'bytes', 'Behind by so much: reads and writes get slower.', {
              expr: `sum by (${vertex}) ({__name__=~"${OPERATOR}.*rocksdb_estimate_pending_compaction_bytes", ${ofJobs}})`,
              legend: vertexLegend,
            }),
            needs: 'RocksDB metrics: state.backend.rocksdb.metrics.estimate-pending-compaction-bytes: true.',
          },
        ],
      },
    ],
  };
}
