package weir.testbed.work;

import java.util.concurrent.locks.ReentrantLock;

/** An outside system that serves one request at a time, whoever asks: more subtasks of this process only queue for it. */
final class Backend {
    private static final ReentrantLock TURN = new ReentrantLock(true);
    private static final Parking SERVING = new Parking();

    private Backend() {}

    static void answer(long nanos) {
        if (nanos <= 0) {
            return;
        }
        TURN.lock();
        try {
            SERVING.park(nanos);
        } finally {
            TURN.unlock();
        }
    }
}
