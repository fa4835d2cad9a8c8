package dev.littoral.agent.openai;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the size of a server's KV cache from its metrics, as vLLM and what speaks its protocol name it. */
final class CacheSize {

    private static final Pattern CONFIG = Pattern.compile("^vllm:cache_config_info\\{(.*)}", Pattern.MULTILINE);
    private static final Pattern BLOCK_SIZE = label("block_size");
    private static final Pattern BLOCKS = label("num_gpu_blocks");
    private static final long MOST_TOKENS = 1L << 40;

    private CacheSize() {}

    /** Returns the tokens; 0 when the metrics do not tell. */
    static long tokens(String metrics) {
        Matcher config = CONFIG.matcher(metrics);
        if (!config.find()) {
            return 0;
        }
        long blockSize = number(BLOCK_SIZE, config.group(1));
        long blocks = number(BLOCKS, config.group(1));
        return blockSize > 0 && blocks > 0 && blocks <= MOST_TOKENS / blockSize ? blockSize * blocks : 0;
    }

    private static Pattern label(String name) {
        return Pattern.compile("(?:^|,)" + name + "=\"(\\d{1,9})\"");
    }

    private static long number(Pattern label, String labels) {
        Matcher found = label.matcher(labels);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
