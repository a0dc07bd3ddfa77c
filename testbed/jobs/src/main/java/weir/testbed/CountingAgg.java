package weir.testbed;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import weir.testbed.work.Snapshot;
import weir.testbed.work.Work;

/** Counts per key in keyed state, keeps {@code keyKb} for each ({@code keyZeroMb} for key 0), and hands every record on. */
final class CountingAgg extends KeyedProcessFunction<Integer, Event, Event> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final Work work;
    private final Snapshot snapshot;
    private final int keyBytes;
    private final int keyZeroBytes;
    private transient ValueState<Long> count;
    private transient ValueState<byte[]> kept;
    private transient int subtask;

    CountingAgg(NodeSpec node) {
        this.work = new Work(node);
        this.snapshot = new Snapshot(node);
        this.keyBytes = (int) node.number("keyKb", 0) * 1024;
        this.keyZeroBytes = (int) node.number("keyZeroMb", 0) * 1024 * 1024;
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
        out.collect(event);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        subtask = Compat.subtask(getRuntimeContext());
        count = context.getKeyedStateStore().getState(new ValueStateDescriptor<>("count", Long.class));
        kept = context.getKeyedStateStore().getState(new ValueStateDescriptor<>("kept", byte[].class));
        snapshot.initializeState(context);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        snapshot.snapshotState(context);
    }
}
