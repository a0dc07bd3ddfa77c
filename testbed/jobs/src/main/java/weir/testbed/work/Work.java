package weir.testbed.work;

import java.io.Serializable;
import weir.testbed.NodeSpec;

/** What one record costs an operator: waiting, CPU, garbage, kept memory, failures. Nothing set costs nothing. */
public final class Work implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long parkNanos;
    private final long burnNanos;
    private final long turnNanos;
    /** Cost factor of one subtask (records are spread evenly, their price is not). */
    private final double dearFactor;
    private final int dearSubtask;
    private final long failEveryMs;
    private final int failSubtask;
    private final boolean failsOnce;
    /** Every n-th send fails and is tried again; 0: none. */
    private final long sendErrorEvery;
    private final Garbage garbage;
    /** A longer wait, from and until so long after the first record. */
    private final long faultParkNanos;
    private final long faultFromMs;
    private final long faultUntilMs;

    private transient Parking parking;
    private transient long startMs;
    private transient long records;

    public Work(NodeSpec node) {
        this.parkNanos = node.number("parkUs", 0) * 1000;
        this.burnNanos = node.number("burnUs", 0) * 1000;
        this.turnNanos = node.number("turnUs", 0) * 1000;
        this.dearFactor = node.fraction("dearFactor", 1);
        this.dearSubtask = (int) node.number("dearSubtask", -1);
        this.failEveryMs = node.number("failEveryS", 0) * 1000;
        this.failSubtask = (int) node.number("failSubtask", 0);
        this.failsOnce = node.text("failOnce", "off").equals("on");
        double sendErrors = node.fraction("sendErrorShare", 0);
        this.sendErrorEvery = sendErrors > 0 ? Math.round(1 / sendErrors) : 0;
        this.garbage = new Garbage(node);
        this.faultParkNanos = node.number("faultParkUs", 0) * 1000;
        this.faultFromMs = node.number("faultFromS", 0) * 1000;
        this.faultUntilMs = node.number("faultUntilS", 0) * 1000;
    }

    public void apply(int subtask) {
        if (parking == null) {
            parking = new Parking();
            startMs = System.currentTimeMillis();
        }
        records++;
        double factor = subtask == dearSubtask ? dearFactor : 1;
        parking.park((long) ((isFaulty() ? faultParkNanos : parkNanos) * factor));
        Backend.answer(turnNanos);
        CpuBurn.burn((long) (burnNanos * factor));
        garbage.produce();
        failWhenDue(subtask);
    }

    private boolean isFaulty() {
        if (faultParkNanos == 0) {
            return false;
        }
        long sinceMs = System.currentTimeMillis() - startMs;
        return sinceMs >= faultFromMs && sinceMs < faultUntilMs;
    }

    /** Whether the record worked on last could be sent at the second try only. */
    public boolean failedToSend() {
        return sendErrorEvery > 0 && records % sendErrorEvery == 0;
    }

    private void failWhenDue(int subtask) {
        if (failEveryMs > 0 && subtask == failSubtask && System.currentTimeMillis() - startMs >= failEveryMs && !hasFailed()) {
            // The number varies on purpose: grouping failures must not be fooled by it.
            throw new IllegalStateException("Lookup of customer " + (1000 + records) + " failed: no such record");
        }
    }

    /** In the process, not in the class: a restarted task has classes of its own. */
    private boolean hasFailed() {
        return failsOnce && System.setProperty("weir.testbed.failed", "true") != null;
    }
}
