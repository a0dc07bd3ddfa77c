package weir.testbed.source;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import weir.testbed.Event;

/** Emits what the schedule has made available, one record a call, its splits in turn. */
final class ScheduledReader implements SourceReader<Event, ScheduledSplit> {
    /** Waking up for every single record of a fast source would cost more CPU than the record. */
    private static final long SHORTEST_WAIT_MS = 10;
    /** A source that has nothing to come still looks whether it is over. */
    private static final long LONGEST_WAIT_MS = 1000;

    private final SourceReaderContext context;
    private final Schedule schedule;
    private final Keys keys;
    private final EventTimes eventTimes;
    private final byte[] payload;
    private final Counter recordsIn;
    /** Read by the metrics thread as well. */
    private final List<ScheduledSplit> splits = new CopyOnWriteArrayList<>();

    private final CompletableFuture<Void> firstSplit = new CompletableFuture<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "scheduled-source-timer");
                        thread.setDaemon(true);
                        return thread;
                    });
    private int turn;
    private boolean hasAllSplits;

    ScheduledReader(
            SourceReaderContext context, Schedule schedule, Keys keys, EventTimes eventTimes, int payloadBytes) {
        this.context = context;
        this.schedule = schedule;
        this.keys = keys;
        this.eventTimes = eventTimes;
        this.payload = new byte[payloadBytes];
        this.recordsIn = SourceMetrics.recordsIn(context);
    }

    @Override
    public void start() {}

    @Override
    public InputStatus pollNext(ReaderOutput<Event> output) {
        long nowMs = System.currentTimeMillis();
        for (int i = 0; i < splits.size(); i++) {
            turn = (turn + 1) % splits.size();
            ScheduledSplit split = splits.get(turn);
            if (split.position < schedule.fetchable(split.index, nowMs)) {
                emit(split, nowMs, output);
                return InputStatus.MORE_AVAILABLE;
            }
        }
        return isOver() ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
    }

    private boolean isOver() {
        return hasAllSplits && splits.stream().allMatch(schedule::isOver);
    }

    private void emit(ScheduledSplit split, long nowMs, ReaderOutput<Event> output) {
        Event event = new Event(keys.keyOf(split.index, split.position), split.position, payload);
        output.createOutputForSplit(split.splitId()).collect(event, eventTimes.of(nowMs, split.position));
        split.position++;
        recordsIn.inc();
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        if (splits.isEmpty()) {
            return firstSplit;
        }
        CompletableFuture<Void> nextRecord = new CompletableFuture<>();
        timer.schedule(() -> nextRecord.complete(null), waitMs(System.currentTimeMillis()), TimeUnit.MILLISECONDS);
        return nextRecord;
    }

    /** Until the next record comes: 128 readers that look a hundred times a second would take both cores for two records each. */
    private long waitMs(long nowMs) {
        long nextMs = splits.stream().mapToLong(schedule::nextAtMs).min().orElse(Long.MAX_VALUE);
        return Math.max(SHORTEST_WAIT_MS, Math.min(LONGEST_WAIT_MS, nextMs - nowMs));
    }

    private long pendingRecords() {
        long nowMs = System.currentTimeMillis();
        long pending = 0;
        for (ScheduledSplit split : splits) {
            pending += Math.max(0, schedule.produced(split.index, nowMs) - split.position);
        }
        return pending;
    }

    @Override
    public List<ScheduledSplit> snapshotState(long checkpointId) {
        List<ScheduledSplit> copies = new ArrayList<>();
        for (ScheduledSplit split : splits) {
            ScheduledSplit copy = new ScheduledSplit(split.index);
            copy.position = split.position;
            copies.add(copy);
        }
        return copies;
    }

    @Override
    public void addSplits(List<ScheduledSplit> added) {
        // With the first split, as Kafka's reader does. An endless supply has no lag; a made-up figure would look like one.
        if (splits.isEmpty() && !schedule.isEndless()) {
            SourceMetrics.pendingRecords(context, this::pendingRecords);
        }
        splits.addAll(added);
        firstSplit.complete(null);
    }

    @Override
    public void notifyNoMoreSplits() {
        hasAllSplits = true;
        firstSplit.complete(null);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
