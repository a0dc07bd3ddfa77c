package weir.testbed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import weir.testbed.source.ScheduledSource;

/** Turns the nodes of the graph into a DataStream program. Nodes come in order: inputs before their readers. */
final class Topology {
    private final StreamExecutionEnvironment env;
    private final long startMs;
    private final Map<String, DataStream<Event>> streams = new HashMap<>();

    private Topology(StreamExecutionEnvironment env, long startMs) {
        this.env = env;
        this.startMs = startMs;
    }

    static void build(StreamExecutionEnvironment env, List<NodeSpec> nodes, long startMs) {
        Topology topology = new Topology(env, startMs);
        nodes.forEach(topology::add);
    }

    private void add(NodeSpec node) {
        if (node.kind.equals("sink")) {
            addSink(node);
            return;
        }
        SingleOutputStreamOperator<Event> stream = operator(node).name(node.name).uid(node.name);
        // A window over the whole stream fixes its own parallelism.
        if (!node.kind.equals("wall")) {
            stream.setParallelism(node.parallelism());
        }
        if (node.text("chain", "on").equals("off")) {
            stream.disableChaining();
        }
        streams.put(node.name, stream);
    }

    private SingleOutputStreamOperator<Event> operator(NodeSpec node) {
        switch (node.kind) {
            case "legacy":
                return Compat.legacySource(env, node);
            case "source":
                return env.fromSource(new ScheduledSource(node, startMs), watermarks(node), node.name);
            case "map":
                return input(node).flatMap(new WorkMap(node));
            case "agg":
                return input(node).keyBy(new EventKey()).process(new CountingAgg(node));
            case "join":
                List<DataStream<Event>> sides = inputs(node);
                return sides.get(0)
                        .keyBy(new EventKey())
                        .connect(sides.get(1).keyBy(new EventKey()))
                        .process(new CountingJoin(node));
            case "wall":
                return input(node).countWindowAll(node.number("count", 1000)).aggregate(new LastOfWindow(node));
            case "window":
                return input(node)
                        .keyBy(new EventKey())
                        .window(Compat.tumblingEventTime(node.number("windowS", 30) * 1000))
                        .aggregate(new LastOfWindow(node), new Firing(node));
            case "async":
                return AsyncDataStream.unorderedWait(
                        input(node), new AsyncLookup(node), 60, TimeUnit.SECONDS, (int) node.number("capacity", 100));
            default:
                throw new IllegalArgumentException("unknown kind of operator: " + node.kind);
        }
    }

    private void addSink(NodeSpec node) {
        DataStreamSink<Event> sink = input(node).sinkTo(new WorkSink(node));
        sink.name(node.name).uid(node.name).setParallelism(node.parallelism());
        if (node.text("chain", "on").equals("off")) {
            sink.disableChaining();
        }
    }

    private static WatermarkStrategy<Event> watermarks(NodeSpec node) {
        return node.text("watermarks", "off").equals("on")
                ? WatermarkStrategy.forBoundedOutOfOrderness(Duration.ofSeconds(node.number("boundS", 0)))
                : WatermarkStrategy.noWatermarks();
    }

    private DataStream<Event> input(NodeSpec node) {
        List<DataStream<Event>> all = inputs(node);
        DataStream<Event> united = all.get(0);
        for (DataStream<Event> other : all.subList(1, all.size())) {
            united = united.union(other);
        }
        return united;
    }

    /** {@code in=a:rebalance,b:hash}. */
    private List<DataStream<Event>> inputs(NodeSpec node) {
        List<DataStream<Event>> all = new ArrayList<>();
        for (String input : node.text("in", "").split(",")) {
            String[] parts = input.split(":");
            DataStream<Event> from = streams.get(parts[0]);
            if (from == null || parts.length != 2) {
                throw new IllegalArgumentException("node " + node.name + ": no such input: '" + input + "'");
            }
            all.add(partitioned(from, parts[1]));
        }
        return all;
    }

    private static DataStream<Event> partitioned(DataStream<Event> from, String how) {
        switch (how) {
            case "forward":
                return from.forward();
            case "rebalance":
                return from.rebalance();
            case "hash":
                return from.keyBy(new EventKey());
            default:
                throw new IllegalArgumentException("unknown partitioning: " + how);
        }
    }
}
