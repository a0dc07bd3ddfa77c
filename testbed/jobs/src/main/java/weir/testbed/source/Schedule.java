package weir.testbed.source;

import java.io.Serializable;
import weir.testbed.NodeSpec;

/**
 * When records come into being: {@code backlog} at once, then {@code rate} per second and split, by the wall clock,
 * whether or not the job keeps up, like a broker's partition. {@code rate=-1} is an endless supply without lag. With
 * {@code records} a split ends after so many.
 */
final class Schedule implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long startMs;
    private final long backlog;
    /** Records of a split; negative: it has no end. */
    private final long records;
    private final double[] ratePerSecond;
    /** How many records per second and split the "broker" hands out at most; negative: no limit. */
    private final double fetchPerSecond;
    private final int silentSplit;
    private final long silentAfterMs;

    Schedule(NodeSpec node, long startMs) {
        this.startMs = startMs;
        this.backlog = node.number("backlog", 0);
        this.records = node.number("records", -1);
        String[] rates = node.text("rate", "-1").split(",");
        this.ratePerSecond = new double[rates.length];
        for (int i = 0; i < rates.length; i++) {
            ratePerSecond[i] = Double.parseDouble(rates[i]);
        }
        this.fetchPerSecond = node.fraction("fetch", -1);
        this.silentSplit = (int) node.number("silentSplit", -1);
        this.silentAfterMs = node.number("silentAfterS", 0) * 1000;
    }

    boolean isEndless() {
        return ratePerSecond[0] < 0;
    }

    boolean isBounded() {
        return records >= 0;
    }

    boolean isOver(ScheduledSplit split) {
        return isBounded() && split.position >= records;
    }

    /** Records that exist in a split at that time. */
    long produced(int split, long nowMs) {
        long ever = isBounded() ? records : Long.MAX_VALUE;
        if (isEndless()) {
            return ever;
        }
        return Math.min(ever, backlog + (long) (rateOf(split) * elapsedMs(split, nowMs) / 1000));
    }

    /** Records the reader may have taken by that time. */
    long fetchable(int split, long nowMs) {
        long produced = produced(split, nowMs);
        return fetchPerSecond < 0
                ? produced
                : Math.min(produced, (long) (fetchPerSecond * Math.max(0, nowMs - startMs) / 1000));
    }

    /** When the next record of a split can be taken; {@code Long.MAX_VALUE}: never. */
    long nextAtMs(ScheduledSplit split) {
        if (isOver(split)) {
            return Long.MAX_VALUE;
        }
        return Math.max(producedAtMs(split), fetchableAtMs(split));
    }

    private long producedAtMs(ScheduledSplit split) {
        if (isEndless() || split.position < backlog) {
            return startMs;
        }
        double atMs = (split.position + 1 - backlog) * 1000.0 / rateOf(split.index);
        boolean silentBefore = split.index == silentSplit && atMs > silentAfterMs;
        return silentBefore || Double.isInfinite(atMs) ? Long.MAX_VALUE : startMs + (long) Math.ceil(atMs);
    }

    private long fetchableAtMs(ScheduledSplit split) {
        return fetchPerSecond < 0 ? startMs : startMs + (long) Math.ceil((split.position + 1) * 1000 / fetchPerSecond);
    }

    private double rateOf(int split) {
        return ratePerSecond[split % ratePerSecond.length];
    }

    private long elapsedMs(int split, long nowMs) {
        long elapsed = Math.max(0, nowMs - startMs);
        return split == silentSplit ? Math.min(elapsed, silentAfterMs) : elapsed;
    }
}
