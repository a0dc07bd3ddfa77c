package weir.testbed;

import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.util.Collector;
import weir.testbed.work.Snapshot;
import weir.testbed.work.Work;

/** Works on each record and hands it on {@code fanout} times (below 1: drops some). */
final class WorkMap extends RichFlatMapFunction<Event, Event> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final Work work;
    private final Snapshot snapshot;
    private final double fanout;
    private transient double due;
    private transient int subtask;

    WorkMap(NodeSpec node) {
        this.work = new Work(node);
        this.snapshot = new Snapshot(node);
        this.fanout = node.fraction("fanout", 1);
    }

    @Override
    public void flatMap(Event event, Collector<Event> out) {
        work.apply(subtask);
        for (due += fanout; due >= 1; due--) {
            out.collect(event);
        }
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        subtask = Compat.subtask(getRuntimeContext());
        snapshot.initializeState(context);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        snapshot.snapshotState(context);
    }
}
