package weir.testbed;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Entry class of every test job: {@code --name hot-key --graph "src=source …; agg=agg in=src:hash …"}.
 *
 * <p>What a job does is written in the scenario table (scenarios.ts), not here, so that a new fault rarely needs Java.
 */
public final class FaultJob {

    private FaultJob() {}

    public static void main(String[] argv) throws Exception {
        Map<String, String> args = parse(argv);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        // Events are never kept by a function, so copying them between chained operators would only add noise to busy time.
        env.getConfig().enableObjectReuse();
        if (args.containsKey("max-parallelism")) {
            env.setMaxParallelism(Integer.parseInt(args.get("max-parallelism")));
        }
        if ("off".equals(args.get("chaining"))) {
            env.disableOperatorChaining();
        }
        Topology.build(env, Graph.parse(required(args, "graph")), System.currentTimeMillis());
        env.execute(required(args, "name"));
    }

    private static Map<String, String> parse(String[] argv) {
        Map<String, String> args = new HashMap<>();
        for (int i = 0; i < argv.length; i += 2) {
            if (!argv[i].startsWith("--") || i + 1 == argv.length) {
                throw new IllegalArgumentException("expected --key value, got: " + String.join(" ", argv));
            }
            args.put(argv[i].substring(2), argv[i + 1]);
        }
        return args;
    }

    private static String required(Map<String, String> args, String key) {
        String value = args.get(key);
        if (value == null) {
            throw new IllegalArgumentException("missing argument --" + key);
        }
        return value;
    }
}
