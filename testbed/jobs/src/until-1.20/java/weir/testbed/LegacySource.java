package weir.testbed;

import org.apache.flink.streaming.api.functions.source.RichParallelSourceFunction;

/** A source of the old kind, which Flink cannot see working or waiting: an endless supply. */
final class LegacySource extends RichParallelSourceFunction<Event> {
    private static final long serialVersionUID = 1L;

    private final byte[] payload;
    private volatile boolean running = true;

    LegacySource(NodeSpec node) {
        this.payload = new byte[(int) node.number("payload", 20)];
    }

    @Override
    public void run(SourceContext<Event> context) {
        for (long sequence = 0; running; sequence++) {
            synchronized (context.getCheckpointLock()) {
                context.collect(new Event((int) (sequence % 100_000), sequence, payload));
            }
        }
    }

    @Override
    public void cancel() {
        running = false;
    }
}
