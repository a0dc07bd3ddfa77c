package weir.testbed;

import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.time.Time;

/** What Flink 2.0 renamed; this is the side until 1.20. */
final class Compat {

    private Compat() {}

    static int subtask(RuntimeContext context) {
        return context.getIndexOfThisSubtask();
    }

    static StateTtlConfig timeToLive(long seconds) {
        return StateTtlConfig.newBuilder(org.apache.flink.api.common.time.Time.seconds(seconds)).build();
    }

    static TumblingEventTimeWindows tumblingEventTime(long sizeMs) {
        return TumblingEventTimeWindows.of(Time.milliseconds(sizeMs));
    }

    static SingleOutputStreamOperator<Event> legacySource(StreamExecutionEnvironment env, NodeSpec node) {
        return env.addSource(new LegacySource(node));
    }
}
