package weir.testbed;

import org.apache.flink.api.common.functions.AggregateFunction;
import weir.testbed.work.Work;

/** The work of a window over the whole stream, paid per element as an incremental aggregate does. */
final class LastOfWindow implements AggregateFunction<Event, Event, Event> {
    private static final long serialVersionUID = 1L;

    private final Work work;

    LastOfWindow(NodeSpec node) {
        this.work = new Work(node);
    }

    @Override
    public Event createAccumulator() {
        return new Event(0, 0, new byte[0]);
    }

    @Override
    public Event add(Event event, Event last) {
        work.apply(0);
        return event;
    }

    @Override
    public Event getResult(Event last) {
        return last;
    }

    @Override
    public Event merge(Event a, Event b) {
        return b;
    }
}
