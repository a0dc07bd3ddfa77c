package weir.testbed.source;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Key of the n-th record of a split. A pure function of split and position, so that a record read again after a restart
 * has the same key.
 *
 * <p>{@code uniform:N}, {@code zipf:EXPONENT:N} (key 0 is the most frequent), {@code hot:SHARE:N} (key 0 has that share).
 */
final class Keys implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int count;
    private final double hotShare;
    /** Cumulated probabilities; null unless zipf. */
    private final double[] cumulated;

    private Keys(int count, double hotShare, double[] cumulated) {
        this.count = count;
        this.hotShare = hotShare;
        this.cumulated = cumulated;
    }

    static Keys parse(String text) {
        String[] parts = text.split(":");
        switch (parts[0]) {
            case "uniform":
                return new Keys(Integer.parseInt(parts[1]), 0, null);
            case "hot":
                return new Keys(Integer.parseInt(parts[2]), Double.parseDouble(parts[1]), null);
            case "zipf":
                return new Keys(Integer.parseInt(parts[2]), 0, zipf(Double.parseDouble(parts[1]), Integer.parseInt(parts[2])));
            default:
                throw new IllegalArgumentException("unknown key distribution: " + text);
        }
    }

    int keyOf(int split, long position) {
        long bits = mix(position * 0x9E3779B97F4A7C15L + split * 0xD1B54A32D192ED03L);
        double u = (bits >>> 11) * 0x1.0p-53;
        if (cumulated != null) {
            int at = Arrays.binarySearch(cumulated, u);
            return Math.min(count - 1, at < 0 ? -at - 1 : at);
        }
        if (u < hotShare) {
            return 0;
        }
        return (int) ((u - hotShare) / (1 - hotShare) * count);
    }

    private static double[] zipf(double exponent, int count) {
        double[] cumulated = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.pow(i + 1, -exponent);
            cumulated[i] = sum;
        }
        for (int i = 0; i < count; i++) {
            cumulated[i] /= sum;
        }
        return cumulated;
    }

    /** The finaliser of SplitMix64: neighbouring positions give independent-looking numbers. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
