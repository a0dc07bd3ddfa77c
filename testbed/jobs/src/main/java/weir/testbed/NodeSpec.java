package weir.testbed;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/** One operator of the graph: a name, a kind and its settings. */
public final class NodeSpec implements Serializable {
    private static final long serialVersionUID = 1L;

    public final String name;
    public final String kind;
    private final LinkedHashMap<String, String> settings = new LinkedHashMap<>();

    NodeSpec(String name, String kind, Map<String, String> settings) {
        this.name = name;
        this.kind = kind;
        this.settings.putAll(settings);
    }

    public String text(String key, String otherwise) {
        return settings.getOrDefault(key, otherwise);
    }

    public long number(String key, long otherwise) {
        String value = settings.get(key);
        return value == null ? otherwise : Long.parseLong(value);
    }

    public double fraction(String key, double otherwise) {
        String value = settings.get(key);
        return value == null ? otherwise : Double.parseDouble(value);
    }

    public int parallelism() {
        return (int) number("p", 1);
    }
}
