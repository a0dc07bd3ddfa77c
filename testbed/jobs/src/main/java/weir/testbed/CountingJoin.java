package weir.testbed;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import weir.testbed.work.Work;

/** Two keyed inputs, one counter: enough of a join to align checkpoint barriers. */
final class CountingJoin extends KeyedCoProcessFunction<Integer, Event, Event, Event> {
    private static final long serialVersionUID = 1L;

    private final Work work;
    private transient ValueState<Long> count;

    CountingJoin(NodeSpec node) {
        this.work = new Work(node);
    }

    @Override
    public void processElement1(Event event, Context context, Collector<Event> out) throws Exception {
        count(event, out);
    }

    @Override
    public void processElement2(Event event, Context context, Collector<Event> out) throws Exception {
        count(event, out);
    }

    private void count(Event event, Collector<Event> out) throws Exception {
        if (count == null) {
            count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Long.class));
        }
        work.apply(Compat.subtask(getRuntimeContext()));
        Long before = count.value();
        count.update(before == null ? 1 : before + 1);
        out.collect(event);
    }
}
