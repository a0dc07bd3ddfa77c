package weir.testbed.source;

import java.util.ArrayList;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import weir.testbed.Event;
import weir.testbed.NodeSpec;

/** A FLIP-27 source that behaves like a partitioned log: splits, positions, lag. */
public final class ScheduledSource implements Source<Event, ScheduledSplit, ArrayList<ScheduledSplit>> {
    private static final long serialVersionUID = 1L;

    private final int splits;
    private final Schedule schedule;
    private final Keys keys;
    private final EventTimes eventTimes;
    private final int payloadBytes;

    /** The start is fixed when the job graph is made: a restarted job finds what was produced meanwhile. */
    public ScheduledSource(NodeSpec node, long startMs) {
        this.splits = (int) node.number("splits", node.parallelism());
        this.schedule = new Schedule(node, startMs);
        this.keys = Keys.parse(node.text("keys", "uniform:100000"));
        this.eventTimes = new EventTimes(node);
        this.payloadBytes = (int) node.number("payload", 20);
    }

    @Override
    public Boundedness getBoundedness() {
        return schedule.isBounded() ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<Event, ScheduledSplit> createReader(SourceReaderContext context) {
        return new ScheduledReader(context, schedule, keys, eventTimes, payloadBytes);
    }

    @Override
    public SplitEnumerator<ScheduledSplit, ArrayList<ScheduledSplit>> createEnumerator(
            SplitEnumeratorContext<ScheduledSplit> context) {
        ArrayList<ScheduledSplit> all = new ArrayList<>();
        for (int i = 0; i < splits; i++) {
            all.add(new ScheduledSplit(i));
        }
        return new ScheduledEnumerator(context, all, schedule.isBounded());
    }

    @Override
    public SplitEnumerator<ScheduledSplit, ArrayList<ScheduledSplit>> restoreEnumerator(
            SplitEnumeratorContext<ScheduledSplit> context, ArrayList<ScheduledSplit> unassigned) {
        return new ScheduledEnumerator(context, unassigned, schedule.isBounded());
    }

    @Override
    public SimpleVersionedSerializer<ScheduledSplit> getSplitSerializer() {
        return new JavaSerializer<>();
    }

    @Override
    public SimpleVersionedSerializer<ArrayList<ScheduledSplit>> getEnumeratorCheckpointSerializer() {
        return new JavaSerializer<>();
    }
}
