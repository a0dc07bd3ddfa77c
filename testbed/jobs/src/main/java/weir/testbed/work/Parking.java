package weir.testbed.work;

import java.util.concurrent.locks.LockSupport;

/**
 * Waits without CPU, like a call to an outside system. A park overshoots by 50 µs and more; the surplus is taken off
 * the next waits, so that the mean service time is exact.
 */
public final class Parking {
    /** A stall of the whole host is not paid back: that would be a burst no outside system delivers. */
    private static final long MOST_CREDIT_NANOS = 20_000_000;

    private long owedNanos;

    public void park(long nanos) {
        if (nanos <= 0) {
            return;
        }
        owedNanos += nanos;
        if (owedNanos <= 0) {
            return;
        }
        long begin = System.nanoTime();
        long end = begin + owedNanos;
        // A cancelled task is interrupted and parkNanos then returns at once: leave, or this would spin.
        for (long now = begin; now < end && !Thread.currentThread().isInterrupted(); now = System.nanoTime()) {
            LockSupport.parkNanos(end - now);
        }
        owedNanos = Math.max(owedNanos - (System.nanoTime() - begin), -MOST_CREDIT_NANOS);
    }
}
