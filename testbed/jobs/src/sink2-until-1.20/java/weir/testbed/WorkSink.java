package weir.testbed;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import weir.testbed.work.Work;

/** Sink V2 as Flink 1.16 to 1.20 wants it. */
final class WorkSink implements Sink<Event> {
    private static final long serialVersionUID = 1L;

    private final Work work;

    WorkSink(NodeSpec node) {
        this.work = new Work(node);
    }

    @Override
    public SinkWriter<Event> createWriter(InitContext context) {
        return new WorkWriter(work, context.getSubtaskId(), context.metricGroup());
    }
}
