package weir.testbed;

import java.util.SplittableRandom;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import weir.testbed.work.Snapshot;
import weir.testbed.work.Work;

/**
 * Counts per key in keyed state, keeps {@code keyKb} for each ({@code keyZeroMb} for key 0) and {@code growBytes} for each
 * record, for {@code ttlS} seconds or for ever, and hands every record on.
 */
final class CountingAgg extends KeyedProcessFunction<Integer, Event, Event> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final Work work;
    private final Snapshot snapshot;
    private final int keyBytes;
    private final int keyZeroBytes;
    private final int growBytes;
    private final long ttlSeconds;
    private transient ValueState<Long> count;
    private transient ValueState<byte[]> kept;
    private transient MapState<Long, byte[]> grown;
    private transient SplittableRandom random;
    private transient int subtask;

    CountingAgg(NodeSpec node) {
        this.work = new Work(node);
        this.snapshot = new Snapshot(node);
        this.keyBytes = (int) node.number("keyKb", 0) * 1024;
        this.keyZeroBytes = (int) node.number("keyZeroMb", 0) * 1024 * 1024;
        this.growBytes = (int) node.number("growBytes", 0);
        this.ttlSeconds = node.number("ttlS", 0);
    }

    @Override
    public void processElement(Event event, Context context, Collector<Event> out) throws Exception {
        work.apply(subtask);
        Long before = count.value();
        count.update(before == null ? 1 : before + 1);
        int bytes = event.key == 0 && keyZeroBytes > 0 ? keyZeroBytes : keyBytes;
        if (before == null && bytes > 0) {
            kept.update(new byte[bytes]);
        }
        if (growBytes > 0) {
            // Of random bytes: RocksDB would make next to nothing of zeros.
            byte[] entry = new byte[growBytes];
            random.nextBytes(entry);
            grown.put(random.nextLong(), entry);
        }
        out.collect(event);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        subtask = Compat.subtask(getRuntimeContext());
        count = context.getKeyedStateStore().getState(new ValueStateDescriptor<>("count", Long.class));
        kept = context.getKeyedStateStore().getState(new ValueStateDescriptor<>("kept", byte[].class));
        MapStateDescriptor<Long, byte[]> growing = new MapStateDescriptor<>("grown", Long.class, byte[].class);
        if (ttlSeconds > 0) {
            growing.enableTimeToLive(Compat.timeToLive(ttlSeconds));
        }
        grown = context.getKeyedStateStore().getMapState(growing);
        random = new SplittableRandom();
        snapshot.initializeState(context);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        snapshot.snapshotState(context);
    }
}
