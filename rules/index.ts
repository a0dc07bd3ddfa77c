import type { AnyRule } from '../analyzer/engine/rule.js';
import { bpBottleneck } from './backpressure/bp-bottleneck.js';
import { bpBurstyWindow } from './backpressure/bp-bursty-window.js';
import { bpCpuSaturatedTm } from './backpressure/bp-cpu-saturated-tm.js';
import { bpExternalWait } from './backpressure/bp-external-wait.js';
import { bpNonparallelOperator } from './backpressure/bp-nonparallel-operator.js';
import { bpSourceChained } from './backpressure/bp-source-chained.js';
import { noisyTm } from './backpressure/noisy-tm.js';
import { parOver } from './capacity/par-over.js';
import { parUnder } from './capacity/par-under.js';
import { slotsIdle } from './capacity/slots-idle.js';
import { slotsUnavailable } from './capacity/slots-unavailable.js';
import { ckptAlignment } from './checkpoint/ckpt-alignment.js';
import { ckptAsync } from './checkpoint/ckpt-async.js';
import { ckptFailing } from './checkpoint/ckpt-failing.js';
import { ckptKafkaTxnTimeout } from './checkpoint/ckpt-kafka-txn-timeout.js';
import { ckptMetadataHeavy } from './checkpoint/ckpt-metadata-heavy.js';
import { ckptStartDelay } from './checkpoint/ckpt-start-delay.js';
import { ckptSync } from './checkpoint/ckpt-sync.js';
import { ckptTimeout } from './checkpoint/ckpt-timeout.js';
import { gcAllocPressure } from './memory/gc-alloc-pressure.js';
import { gcFull } from './memory/gc-full.js';
import { gcLeak } from './memory/gc-leak.js';
import { gcLiveSetHigh } from './memory/gc-live-set-high.js';
import { gcLongPause } from './memory/gc-long-pause.js';
import { gcPressure } from './memory/gc-pressure.js';
import { gcSerial } from './memory/gc-serial.js';
import { memContainerOomkilled } from './memory/mem-container-oomkilled.js';
import { memDirectOom } from './memory/mem-direct-oom.js';
import { memHeapOom } from './memory/mem-heap-oom.js';
import { memHeapUndersized } from './memory/mem-heap-undersized.js';
import { memManagedIdle } from './memory/mem-managed-idle.js';
import { sinkCommitterBacklog } from './sink/sink-committer-backlog.js';
import { sinkErrors } from './sink/sink-errors.js';
import { memMetaspace } from './memory/mem-metaspace.js';
import { netConnLost } from './network/net-conn-lost.js';
import { netInsufficientBuffers } from './network/net-insufficient-buffers.js';
import { skewDataHash } from './skew/skew-data-hash.js';
import { skewState } from './skew/skew-state.js';
import { skewHotKey } from './skew/skew-hot-key.js';
import { skewKeygroup } from './skew/skew-keygroup.js';
import { skewLowCardinality } from './skew/skew-low-cardinality.js';
import { skewSourceAssignment } from './skew/skew-source-assignment.js';
import { skewSourceContent } from './skew/skew-source-content.js';
import { skewProcessingCost } from './skew/skew-processing-cost.js';
import { srcCatchup } from './source/src-catchup.js';
import { srcErrors } from './source/src-errors.js';
import { srcFetchBound } from './source/src-fetch-bound.js';
import { srcIdle } from './source/src-idle.js';
import { srcLegacy } from './source/src-legacy.js';
import { srcLagGrowing } from './source/src-lag-growing.js';
import { srcPartitionsLtParallelism } from './source/src-partitions-lt-parallelism.js';
import { diskFull } from './stability/disk-full.js';
import { exceptionGroup } from './stability/exception-group.js';
import { fdOrThreadLeak } from './stability/fd-or-thread-leak.js';
import { jobNotRunning } from './stability/job-not-running.js';
import { restartLoop } from './stability/restart-loop.js';
import { restartsElevated } from './stability/restarts-elevated.js';
import { restoreIncompatible } from './stability/restore-incompatible.js';
import { tmFlapping } from './stability/tm-flapping.js';
import { tmLost } from './stability/tm-lost.js';
import { wmAlignmentStall } from './watermark/wm-alignment-stall.js';
import { wmFuture } from './watermark/wm-future.js';
import { wmSkew } from './watermark/wm-skew.js';
import { wmLag } from './watermark/wm-lag.js';
import { wmIdlePartition } from './watermark/wm-idle-partition.js';
import { wmLateDrops } from './watermark/wm-late-drops.js';
import { wmNever } from './watermark/wm-never.js';
import { wmStuck } from './watermark/wm-stuck.js';
import { rocksdbCacheMiss } from './state/rocksdb-cache-miss.js';
import { rocksdbCompactionDebt } from './state/rocksdb-compaction-debt.js';
import { rocksdbFlushPressure } from './state/rocksdb-flush-pressure.js';
import { rocksdbWriteStall } from './state/rocksdb-write-stall.js';
import { sbNoMetrics } from './state/sb-no-metrics.js';
import { stateGrowth } from './state/state-growth.js';
import { ckptDisabled } from './checkpoint/ckpt-disabled.js';
import { ckptIntervalTooShort } from './checkpoint/ckpt-interval-too-short.js';
import { ckptIntervalTooLong } from './checkpoint/ckpt-interval-too-long.js';
import { ckptNoMinPause } from './checkpoint/ckpt-no-min-pause.js';
import { ckptFullRocksdb } from './checkpoint/ckpt-full-rocksdb.js';
import { ckptUnalignedCandidate } from './checkpoint/ckpt-unaligned-candidate.js';
import { ckptUnalignedBloat } from './checkpoint/ckpt-unaligned-bloat.js';
import { ckptConcurrent } from './checkpoint/ckpt-concurrent.js';
import { ckptTimeoutConfig } from './checkpoint/ckpt-timeout-config.js';
import { ckptTolerableZero } from './checkpoint/ckpt-tolerable-zero.js';
import { ckptNotRetained } from './checkpoint/ckpt-not-retained.js';
import { ckptStorageJm } from './checkpoint/ckpt-storage-jm.js';
import { ckptStraggler } from './checkpoint/ckpt-straggler.js';
import { ckptSizeGrowth } from './checkpoint/ckpt-size-growth.js';
import { ckptDurationTrend } from './checkpoint/ckpt-duration-trend.js';
import { restartNone } from './configuration/restart-none.js';
import { restartFixedTight } from './configuration/restart-fixed-tight.js';
import { failoverFull } from './configuration/failover-full.js';
import { haMissing } from './configuration/ha-missing.js';
import { haStorageLocal } from './configuration/ha-storage-local.js';
import { removedConfig } from './configuration/removed-config.js';
import { debugLeftOn } from './configuration/debug-left-on.js';
import { cancelTimeoutFatal } from './configuration/cancel-timeout-fatal.js';
import { chainingDisabled } from './configuration/chaining-disabled.js';
import { objectReuseCandidate } from './configuration/object-reuse-candidate.js';
import { localRecoveryOff } from './configuration/local-recovery-off.js';
import { tmpDirsDefault } from './configuration/tmp-dirs-default.js';
import { parMaxLow } from './capacity/par-max-low.js';
import { slotsNotSpread } from './capacity/slots-not-spread.js';
import { netMemUndersized } from './network/net-mem-undersized.js';
import { netBufferTimeoutZero } from './network/net-buffer-timeout-zero.js';
import { memManagedSmall } from './memory/mem-managed-small.js';
import { skewSlotPlacement } from './skew/skew-slot-placement.js';
import { savepointDirMissing } from './configuration/savepoint-dir-missing.js';
import { jvmExitOnOomOff } from './configuration/jvm-exit-on-oom-off.js';
import { oomDumpMissing } from './configuration/oom-dump-missing.js';
import { perjobDeprecated } from './configuration/perjob-deprecated.js';
import { rocksdbUnmanaged } from './state/rocksdb-unmanaged.js';
import { wmTooFrequent } from './watermark/wm-too-frequent.js';
import { tmTimeoutAggressive } from './configuration/tm-timeout-aggressive.js';
import { netMemOversized } from './network/net-mem-oversized.js';
import { memXmx31g } from './memory/mem-xmx-31g.js';
import { ckptDeclinedFinished } from './checkpoint/ckpt-declined-finished.js';
import { asyncCapacity } from './backpressure/async-capacity.js';
import { slotsGtCores } from './capacity/slots-gt-cores.js';
import { slotsLtCores } from './capacity/slots-lt-cores.js';
import { wasteCpu } from './capacity/waste-cpu.js';
import { wasteTmNoTraffic } from './capacity/waste-tm-no-traffic.js';
import { tmTooSmall } from './capacity/tm-too-small.js';
import { tmTooLarge } from './capacity/tm-too-large.js';
import { slotsSharingDisabled } from './capacity/slots-sharing-disabled.js';
import { slotsPerTmNotDividing } from './capacity/slots-per-tm-not-dividing.js';
import { parSingle } from './capacity/par-single.js';
import { parMaxNotDivisible } from './capacity/par-max-not-divisible.js';
import { parMaxHigh } from './capacity/par-max-high.js';
import { parMixedBreaksChain } from './capacity/par-mixed-breaks-chain.js';
import { bpUnneededShuffle } from './backpressure/bp-unneeded-shuffle.js';
import { bpTerminalVertex } from './backpressure/bp-terminal-vertex.js';
import { bpNetworkBound } from './backpressure/bp-network-bound.js';
import { bpRecordAmplification } from './backpressure/bp-record-amplification.js';
import { bpSerialization } from './backpressure/bp-serialization.js';
import { bpCheckpointInduced } from './backpressure/bp-checkpoint-induced.js';
import { skewCustomPartitioner } from './skew/skew-custom-partitioner.js';
import { skewSqlAgg } from './skew/skew-sql-agg.js';
import { sqlMinibatchOff } from './state/sql-minibatch-off.js';
import { sqlUpsertMaterialize } from './sink/sql-upsert-materialize.js';
import { sqlCascadeJoinState } from './state/sql-cascade-join-state.js';
import { stateNoTtl } from './state/state-no-ttl.js';
import { lookupCacheMiss } from './source/lookup-cache-miss.js';
import { ckptSmallFiles } from './checkpoint/ckpt-small-files.js';
import { ckptSlowRestore } from './checkpoint/ckpt-slow-restore.js';
import { ckptBacklogInterval } from './checkpoint/ckpt-backlog-interval.js';
import { wasteCheckpoint } from './checkpoint/waste-checkpoint.js';
import { memHeapOversized } from './memory/mem-heap-oversized.js';
import { memConfigConflict } from './memory/mem-config-conflict.js';
import { memJmPressure } from './memory/mem-jm-pressure.js';
import { netBufferTimeoutLatency } from './network/net-buffer-timeout-latency.js';
import { netInflightBloat } from './network/net-inflight-bloat.js';
import { netDebloatMisfit } from './network/net-debloat-misfit.js';
import { netCrossShuffleHeavy } from './network/net-cross-shuffle-heavy.js';
import { sbHeapLargeState } from './state/sb-heap-large-state.js';
import { sbRocksdbSmallState } from './state/sb-rocksdb-small-state.js';
import { rocksdbLocaldir } from './state/rocksdb-localdir.js';
import { rocksdbTimersHeavy } from './state/rocksdb-timers-heavy.js';
import { stateAccessSlow } from './state/state-access-slow.js';
import { stateMaxValueSize } from './state/state-max-value-size.js';
import { stateChangelogBusy } from './state/state-changelog-busy.js';
import { wmAfterShuffle } from './watermark/wm-after-shuffle.js';
import { srcLagHighStable } from './source/src-lag-high-stable.js';
import { srcPartitionLimit } from './source/src-partition-limit.js';
import { srcDiscoveryOff } from './source/src-discovery-off.js';
import { srcRateSpike } from './source/src-rate-spike.js';
import { sinkUnbatched } from './sink/sink-unbatched.js';
import { sinkSmallFiles } from './sink/sink-small-files.js';
import { uidMissing } from './configuration/uid-missing.js';
import { sessionMultiJob } from './configuration/session-multi-job.js';
import { uiExposed } from './configuration/ui-exposed.js';
import { credentialsExpiry } from './configuration/credentials-expiry.js';
import { metricsReporterMissing } from './configuration/metrics-reporter-missing.js';
import { historySmall } from './configuration/history-small.js';
import { clockSkew } from './configuration/clock-skew.js';
import { deployTemplateDrift } from './configuration/deploy-template-drift.js';
import { wasteMetrics } from './configuration/waste-metrics.js';
import { cancelStuck } from './stability/cancel-stuck.js';
import { jmRestarted } from './stability/jm-restarted.js';
import { rescaleFlapping } from './stability/rescale-flapping.js';

/** The rule book. A new rule is one line here, one file, one table test, one page. */
export const RULES: readonly AnyRule[] = [
  bpBottleneck,
  bpExternalWait,
  bpCpuSaturatedTm,
  bpNonparallelOperator,
  bpSourceChained,
  noisyTm,
  bpBurstyWindow,
  skewHotKey,
  skewKeygroup,
  skewDataHash,
  skewLowCardinality,
  skewSourceContent,
  skewSourceAssignment,
  skewProcessingCost,
  skewState,
  ckptStartDelay,
  ckptAlignment,
  ckptSync,
  ckptAsync,
  ckptFailing,
  ckptTimeout,
  gcPressure,
  gcLiveSetHigh,
  memManagedIdle,
  srcLagGrowing,
  srcCatchup,
  srcPartitionsLtParallelism,
  wmIdlePartition,
  wmStuck,
  wmNever,
  wmLateDrops,
  wmFuture,
  wmAlignmentStall,
  wmSkew,
  wmLag,
  srcIdle,
  srcLegacy,
  srcFetchBound,
  srcErrors,
  sinkErrors,
  sinkCommitterBacklog,
  parUnder,
  parOver,
  slotsIdle,
  slotsUnavailable,
  restartLoop,
  exceptionGroup,
  tmLost,
  jobNotRunning,
  memHeapOom,
  memMetaspace,
  memDirectOom,
  memContainerOomkilled,
  netInsufficientBuffers,
  netConnLost,
  diskFull,
  restoreIncompatible,
  ckptKafkaTxnTimeout,
  ckptMetadataHeavy,
  gcFull,
  gcLongPause,
  gcLeak,
  gcSerial,
  gcAllocPressure,
  memHeapUndersized,
  rocksdbWriteStall,
  rocksdbCompactionDebt,
  rocksdbFlushPressure,
  rocksdbCacheMiss,
  sbNoMetrics,
  stateGrowth,
  fdOrThreadLeak,
  tmFlapping,
  restartsElevated,
  ckptDisabled,
  ckptIntervalTooShort,
  ckptIntervalTooLong,
  ckptNoMinPause,
  ckptFullRocksdb,
  ckptUnalignedCandidate,
  ckptUnalignedBloat,
  ckptConcurrent,
  ckptTimeoutConfig,
  ckptTolerableZero,
  ckptNotRetained,
  ckptStorageJm,
  ckptStraggler,
  ckptSizeGrowth,
  ckptDurationTrend,
  restartNone,
  restartFixedTight,
  failoverFull,
  haMissing,
  haStorageLocal,
  removedConfig,
  debugLeftOn,
  cancelTimeoutFatal,
  objectReuseCandidate,
  chainingDisabled,
  localRecoveryOff,
  tmpDirsDefault,
  parMaxLow,
  slotsNotSpread,
  asyncCapacity,
  netMemUndersized,
  netBufferTimeoutZero,
  memManagedSmall,
  skewSlotPlacement,
  savepointDirMissing,
  jvmExitOnOomOff,
  oomDumpMissing,
  perjobDeprecated,
  rocksdbUnmanaged,
  wmTooFrequent,
  tmTimeoutAggressive,
  netMemOversized,
  memXmx31g,
  ckptDeclinedFinished,
  slotsGtCores,
  slotsLtCores,
  wasteCpu,
  wasteTmNoTraffic,
  tmTooSmall,
  tmTooLarge,
  slotsSharingDisabled,
  slotsPerTmNotDividing,
  parSingle,
  parMaxNotDivisible,
  parMaxHigh,
  parMixedBreaksChain,
  bpUnneededShuffle,
  bpTerminalVertex,
  bpNetworkBound,
  bpRecordAmplification,
  bpSerialization,
  bpCheckpointInduced,
  skewCustomPartitioner,
  skewSqlAgg,
  sqlMinibatchOff,
  sqlUpsertMaterialize,
  sqlCascadeJoinState,
  stateNoTtl,
  lookupCacheMiss,
  ckptSmallFiles,
  ckptSlowRestore,
  ckptBacklogInterval,
  wasteCheckpoint,
  memHeapOversized,
  memConfigConflict,
  memJmPressure,
  netBufferTimeoutLatency,
  netInflightBloat,
  netDebloatMisfit,
  netCrossShuffleHeavy,
  sbHeapLargeState,
  sbRocksdbSmallState,
  rocksdbLocaldir,
  rocksdbTimersHeavy,
  stateAccessSlow,
  stateMaxValueSize,
  stateChangelogBusy,
  wmAfterShuffle,
  srcLagHighStable,
  srcPartitionLimit,
  srcDiscoveryOff,
  srcRateSpike,
  sinkUnbatched,
  sinkSmallFiles,
  uidMissing,
  sessionMultiJob,
  uiExposed,
  credentialsExpiry,
  metricsReporterMissing,
  historySmall,
  clockSkew,
  deployTemplateDrift,
  wasteMetrics,
  cancelStuck,
  jmRestarted,
  rescaleFlapping,
];
