package weir.testbed.source;

import java.io.Serializable;
import org.apache.flink.api.connector.source.SourceSplit;

/** A partition and how far it has been read; the position is what a checkpoint keeps. */
public final class ScheduledSplit implements SourceSplit, Serializable {
    private static final long serialVersionUID = 1L;

    final int index;
    long position;

    ScheduledSplit(int index) {
        this.index = index;
    }

    @Override
    public String splitId() {
        return "split-" + index;
    }
}
