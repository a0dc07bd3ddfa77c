package weir.testbed;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import weir.testbed.work.Work;

/** Sink V2 as Flink 2.x wants it. */
final class WorkSink implements Sink<Event> {
    private static final long serialVersionUID = 1L;

    private final Work work;

    WorkSink(NodeSpec node) {
        this.work = new Work(node);
    }

    @Override
    public SinkWriter<Event> createWriter(WriterInitContext context) {
        return new WorkWriter(work, context.getTaskInfo().getIndexOfThisSubtask(), context.metricGroup());
    }
}
