package weir.testbed.work;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Computes until the thread has used that much CPU time; on a busy host this takes longer by the clock, as real work does. */
final class CpuBurn {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static volatile double sink;

    private CpuBurn() {}

    static void burn(long nanos) {
        if (nanos <= 0) {
            return;
        }
        long end = THREADS.getCurrentThreadCpuTime() + nanos;
        double x = 1;
        do {
            for (int i = 0; i < 2000; i++) {
                x = Math.sqrt(x + i);
            }
        } while (THREADS.getCurrentThreadCpuTime() < end);
        sink = x;
    }
}
