package dev.littoral.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheSizeTest {

    @Test
    void blocksTimesTheirSizeAreTheTokens() {
        String metrics = """
                # HELP vllm:cache_config_info Information of the LLMEngine CacheConfig
                # TYPE vllm:cache_config_info gauge
                vllm:cache_config_info{block_size="16",cache_dtype="auto",num_gpu_blocks="2048",num_gpu_blocks_override="None"} 1.0
                """;

        assertThat(CacheSize.tokens(metrics)).isEqualTo(32_768);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "llamacpp:n_decode_total 5",
                "vllm:cache_config_info{block_size=\"16\"} 1",
                "vllm:cache_config_info{block_size=\"16\",num_gpu_blocks=\"None\"} 1",
                "vllm:cache_config_info{block_size=\"999999999\",num_gpu_blocks=\"999999999\"} 1"
            })
    void whatDoesNotTellIsZero(String metrics) {
        assertThat(CacheSize.tokens(metrics)).isZero();
    }
}
