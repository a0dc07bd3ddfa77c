package weir.testbed;

import java.util.Collections;
import java.util.List;
import org.apache.flink.api.connector.sink.SinkWriter;
import weir.testbed.work.Work;

/** Writes nowhere, at the price the work says. Sinks of that time had no metrics of their own. */
final class WorkWriter implements SinkWriter<Event, Void, Void> {
    private final Work work;
    private final int subtask;

    WorkWriter(Work work, int subtask) {
        this.work = work;
        this.subtask = subtask;
    }

    @Override
    public void write(Event event, Context context) {
        work.apply(subtask);
    }

    @Override
    public List<Void> prepareCommit(boolean flush) {
        return Collections.emptyList();
    }

    @Override
    public List<Void> snapshotState() {
        return Collections.emptyList();
    }

    @Override
    public void close() {}
}
