package weir.testbed;

import java.time.Duration;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/** What Flink 2.0 renamed; this is the side for 2.x. */
final class Compat {

    private Compat() {}

    static int subtask(RuntimeContext context) {
        return context.getTaskInfo().getIndexOfThisSubtask();
    }

    static StateTtlConfig timeToLive(long seconds) {
        return StateTtlConfig.newBuilder(Duration.ofSeconds(seconds)).build();
    }

    static TumblingEventTimeWindows tumblingEventTime(long sizeMs) {
        return TumblingEventTimeWindows.of(Duration.ofMillis(sizeMs));
    }

    static SingleOutputStreamOperator<Event> legacySource(StreamExecutionEnvironment env, NodeSpec node) {
        throw new IllegalArgumentException("node " + node.name + ": Flink 2.0 has no sources of the old kind");
    }
}
