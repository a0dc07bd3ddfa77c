package weir.testbed;

import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.sink.Committer;
import org.apache.flink.api.connector.sink.GlobalCommitter;
import org.apache.flink.api.connector.sink.Sink;
import org.apache.flink.api.connector.sink.SinkWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import weir.testbed.work.Work;

/** The first unified sink, which commits nothing here. */
final class WorkSink implements Sink<Event, Void, Void, Void> {
    private static final long serialVersionUID = 1L;

    private final Work work;

    WorkSink(NodeSpec node) {
        this.work = new Work(node);
    }

    @Override
    public SinkWriter<Event, Void, Void> createWriter(InitContext context, List<Void> states) {
        return new WorkWriter(work, context.getSubtaskId());
    }

    @Override
    public Optional<SimpleVersionedSerializer<Void>> getWriterStateSerializer() {
        return Optional.empty();
    }

    @Override
    public Optional<Committer<Void>> createCommitter() {
        return Optional.empty();
    }

    @Override
    public Optional<GlobalCommitter<Void, Void>> createGlobalCommitter() {
        return Optional.empty();
    }

    @Override
    public Optional<SimpleVersionedSerializer<Void>> getCommittableSerializer() {
        return Optional.empty();
    }

    @Override
    public Optional<SimpleVersionedSerializer<Void>> getGlobalCommittableSerializer() {
        return Optional.empty();
    }
}
