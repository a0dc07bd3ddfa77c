package weir.testbed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code name=kind key=value …; name=kind …}; the writer is graph.ts. */
final class Graph {

    private Graph() {}

    static List<NodeSpec> parse(String text) {
        List<NodeSpec> nodes = new ArrayList<>();
        for (String line : text.split(";")) {
            if (!line.trim().isEmpty()) {
                nodes.add(parseNode(line.trim()));
            }
        }
        return nodes;
    }

    private static NodeSpec parseNode(String line) {
        String name = null;
        String kind = null;
        Map<String, String> settings = new LinkedHashMap<>();
        for (String word : line.split("\\s+")) {
            int at = word.indexOf('=');
            if (at < 1) {
                throw new IllegalArgumentException("not key=value: '" + word + "' in '" + line + "'");
            }
            if (name == null) {
                name = word.substring(0, at);
                kind = word.substring(at + 1);
            } else {
                settings.put(word.substring(0, at), word.substring(at + 1));
            }
        }
        return new NodeSpec(name, kind, settings);
    }
}
