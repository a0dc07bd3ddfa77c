package weir.testbed.source;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/** Gives split i to reader i mod p, so that the table knows which subtask has which partition. */
final class ScheduledEnumerator implements SplitEnumerator<ScheduledSplit, ArrayList<ScheduledSplit>> {

    private final SplitEnumeratorContext<ScheduledSplit> context;
    private final ArrayList<ScheduledSplit> unassigned;
    private final boolean isBounded;

    ScheduledEnumerator(
            SplitEnumeratorContext<ScheduledSplit> context, List<ScheduledSplit> unassigned, boolean isBounded) {
        this.context = context;
        this.isBounded = isBounded;
        this.unassigned = new ArrayList<>(unassigned);
    }

    @Override
    public void start() {}

    @Override
    public void addReader(int subtask) {
        for (Iterator<ScheduledSplit> it = unassigned.iterator(); it.hasNext(); ) {
            ScheduledSplit split = it.next();
            if (split.index % context.currentParallelism() == subtask) {
                context.assignSplit(split, subtask);
                it.remove();
            }
        }
        if (isBounded) {
            context.signalNoMoreSplits(subtask);
        }
    }

    @Override
    public void addSplitsBack(List<ScheduledSplit> splits, int subtask) {
        unassigned.addAll(splits);
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {}

    /** Of 1.13; the interface of later versions has the other one. */
    public ArrayList<ScheduledSplit> snapshotState() {
        return new ArrayList<>(unassigned);
    }

    public ArrayList<ScheduledSplit> snapshotState(long checkpointId) {
        return snapshotState();
    }

    @Override
    public void close() {}
}
