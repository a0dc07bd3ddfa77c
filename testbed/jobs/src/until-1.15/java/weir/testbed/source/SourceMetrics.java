package weir.testbed.source;

import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.SimpleCounter;

/** The metrics of a FLIP-27 source before it had a group of its own: what it reads is not counted, as with connectors of that time. */
final class SourceMetrics {

    private SourceMetrics() {}

    static Counter recordsIn(SourceReaderContext context) {
        return new SimpleCounter();
    }

    static void pendingRecords(SourceReaderContext context, Gauge<Long> pending) {
        context.metricGroup().gauge("pendingRecords", pending);
    }
}
