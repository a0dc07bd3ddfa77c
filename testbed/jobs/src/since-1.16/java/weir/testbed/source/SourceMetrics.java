package weir.testbed.source;

import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;

/** The metrics of a FLIP-27 source, which have a group of their own from 1.14 on. */
final class SourceMetrics {

    private SourceMetrics() {}

    static Counter recordsIn(SourceReaderContext context) {
        return context.metricGroup().getIOMetricGroup().getNumRecordsInCounter();
    }

    static void pendingRecords(SourceReaderContext context, Gauge<Long> pending) {
        context.metricGroup().setPendingRecordsGauge(pending);
    }
}
