package weir.testbed;

import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import weir.testbed.work.Work;

/** Writes nowhere, at the price the work says, and counts as a connector does. */
final class WorkWriter implements SinkWriter<Event> {
    private final Work work;
    private final int subtask;
    private final Counter sent;
    private final Counter sentBytes;
    private final Counter errors;

    WorkWriter(Work work, int subtask, SinkWriterMetricGroup metrics) {
        this.work = work;
        this.subtask = subtask;
        this.sent = metrics.getNumRecordsSendCounter();
        this.sentBytes = metrics.getNumBytesSendCounter();
        this.errors = metrics.getNumRecordsSendErrorsCounter();
    }

    @Override
    public void write(Event event, Context context) {
        work.apply(subtask);
        if (work.failedToSend()) {
            errors.inc();
        }
        sent.inc();
        sentBytes.inc(event.payload.length);
    }

    @Override
    public void flush(boolean endOfInput) {}

    @Override
    public void close() {}
}
