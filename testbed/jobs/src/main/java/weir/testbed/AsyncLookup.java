package weir.testbed;

import java.util.Collections;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/** An asynchronous call that takes {@code latencyMs}; how many run at once is the operator's capacity. */
final class AsyncLookup extends RichAsyncFunction<Event, Event> {
    private static final long serialVersionUID = 1L;

    private final long latencyMs;
    private transient ScheduledExecutorService timer;

    AsyncLookup(NodeSpec node) {
        this.latencyMs = node.number("latencyMs", 100);
    }

    @Override
    public void asyncInvoke(Event event, ResultFuture<Event> result) {
        if (timer == null) {
            timer = Executors.newSingleThreadScheduledExecutor();
        }
        timer.schedule(() -> result.complete(Collections.singleton(event)), latencyMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.shutdownNow();
        }
    }
}
