package weir.testbed.source;

import java.io.Serializable;
import weir.testbed.NodeSpec;

/**
 * The event time of a record: when it is handed out, unless the source lies {@code behindS} in the past, the
 * {@code lateShare} of its records comes {@code lateByS} late, or its clock counts seconds ({@code timeUnit=s}).
 */
final class EventTimes implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long behindMs;
    /** Every n-th record is late; 0: none. */
    private final long lateEvery;
    private final long lateByMs;
    private final long millisPerUnit;

    EventTimes(NodeSpec node) {
        this.behindMs = node.number("behindS", 0) * 1000;
        double lateShare = node.fraction("lateShare", 0);
        this.lateEvery = lateShare > 0 ? Math.round(1 / lateShare) : 0;
        this.lateByMs = node.number("lateByS", 0) * 1000;
        this.millisPerUnit = node.text("timeUnit", "ms").equals("s") ? 1000 : 1;
    }

    long of(long nowMs, long position) {
        boolean late = lateEvery > 0 && position % lateEvery == lateEvery - 1;
        return (nowMs - behindMs - (late ? lateByMs : 0)) / millisPerUnit;
    }
}
