package dev.littoral.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerRulesTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void tokenizersOfKnownFamiliesAreTaken(KnownTokenizers known) throws IOException {
        read(known.json());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../models/target",
                "../models/draft",
                "src/test/resources/golden/byte-level",
                "src/test/resources/golden/byte-fallback"
            })
    void tokenizersOfThisRepositoryAreTaken(String checkpoint) {
        PlainCopy.of(Path.of(checkpoint));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            decoder        | {"type":"Strip","content":" ","start":1,"stop":1}                                    | decoder.Strip.stop
            decoder        | {"type":"Strip","content":" ","start":99999999999,"stop":0}                          | decoder.Strip.start
            decoder        | {"type":"Strip","content":"","start":1,"stop":0}                                     | decoder.Strip.content
            decoder        | {"type":"CTC","pad_token":"","word_delimiter_token":"","cleanup":true}               | 'CTC'
            decoder        | {"type":"Replace","pattern":{"Regex":"(a+)+$"},"content":""}                         | decoder.Replace.pattern
            decoder        | {"type":"Replace","pattern":{"String":""},"content":""}                              | decoder.Replace.pattern
            decoder        | {"type":"Sequence","decoders":[{"type":"Fuse"},{"type":"BPEDecoder","suffix":""}]}   | 'BPEDecoder'
            decoder        | {"type":"Sequence","decoders":[7]}                                                   | decoder.Sequence
            decoder        | [1]                                                                                  | decoder.type
            normalizer     | {"type":"Precompiled","precompiled_charsmap":"AAAA"}                                 | 'Precompiled'
            normalizer     | {"type":"Replace","pattern":{"Regex":"a*"},"content":""}                             | normalizer.Replace.pattern
            normalizer     | {"type":"NFC","form":"x"}                                                            | normalizer.NFC.form
            pre_tokenizer  | {"type":"Split","pattern":{"Regex":"(a+)+"},"behavior":"Isolated","invert":false}    | pre_tokenizer.Split.pattern
            pre_tokenizer  | {"type":"Split","pattern":{"Regex":"a"},"behavior":"Best","invert":false}            | pre_tokenizer.Split.behavior
            pre_tokenizer  | {"type":"Metaspace","replacement":"ab","prepend_scheme":"first","split":true}        | pre_tokenizer.Metaspace.replacement
            pre_tokenizer  | {"type":"FixedLength","length":0}                                                    | 'FixedLength'
            post_processor | {"type":"TemplateProcessing","single":[{"Sequence":{"id":"B","type_id":0}}],"pair":[],"special_tokens":{}} | post_processor.TemplateProcessing.single
            post_processor | {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x","type_id":0}}],"pair":[],"special_tokens":{}} | post_processor.TemplateProcessing.single
            post_processor | {"type":"TemplateProcessing","single":[],"pair":[],"special_tokens":{"x":{"id":"x","ids":[1,2],"tokens":["x"]}}} | special_tokens
            post_processor | {"type":"BertProcessing","sep":["a",1],"cls":["b",2]}                                | 'BertProcessing'
            decoder        | {"type":"Replace","pattern":{"String":"a"},"content":"bc"}                          | decoder.Replace.content
            decoder        | {"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"a"},"content":"bc"}]} | Replace.content
            normalizer     | {"type":"Replace","pattern":{"String":" "},"content":"  "}                          | normalizer.Replace.content
            normalizer     | {"type":"Prepend","prepend":"xxxxxxxxxxxxxxxxx"}                                    | normalizer.Prepend.prepend
            normalizer     | {"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"x"},{"type":"Prepend","prepend":"x"}]} | normalizer.Prepend
            pre_tokenizer  | {"type":"Sequence","pretokenizers":[{"type":"ByteLevel"},{"type":"Sequence","pretokenizers":[{"type":"ByteLevel"}]}]} | pre_tokenizer.ByteLevel
            post_processor | {"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":{}} | has a text twice
            post_processor | {"type":"TemplateProcessing","single":[],"pair":[],"special_tokens":{"x":{"id":"x","ids":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"tokens":["x","x","x","x","x","x","x","x","x","x","x","x","x","x","x","x","x"]}}} | special_tokens
            model          | {"type":"Unigram","unk_id":0,"vocab":[["",0]]}                                       | model.type
            model          | {"type":"BPE","vocab":{"a":0},"merges":[],"continuing_subword_prefix":"##"}          | model.continuing_subword_prefix
            model          | {"type":"BPE","vocab":{"a":4294967295},"merges":[]}                                  | model.vocab
            model          | {"type":"BPE","vocab":{"a":0},"merges":[["a"]]}                                      | model.merges
            model          | {"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.5}                             | model.dropout
            model          | {"type":"BPE","vocab":{"a":0},"merges":[],"cache":1}                                 | model.cache
            added_tokens   | [{"id":1,"content":"","special":true}]                                               | added_tokens.content
            added_tokens   | [{"id":-1,"content":"x","special":true}]                                             | added_tokens.id
            added_tokens   | 7                                                                                    | added_tokens
            trainer        | {}                                                                                   | trainer
            """)
    void whatIsNotKnownIsRefusedByName(String field, String value, String named) throws IOException {
        ObjectNode json = KnownTokenizers.QWEN_2.json();
        json.set(field, MAPPER.readTree(value));

        assertThatThrownBy(() -> read(json))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(named)
                .hasMessageContaining("published");
    }

    @Test
    void partsNestedWithoutEndAreRefused() throws IOException {
        ObjectNode json = KnownTokenizers.GEMMA_3.json();
        String inner = "{\"type\":\"NFC\"}";
        for (int i = 0; i < 100; i++) {
            inner = "{\"type\":\"Sequence\",\"normalizers\":[" + inner + "]}";
        }
        json.set("normalizer", MAPPER.readTree(inner));

        assertThatThrownBy(() -> read(json)).hasMessageContaining("nested too deeply");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "(a|a)*",
                "(?:a*)*b",
                "a*a*a*b",
                "[ab]*b[ab]*c",
                "a?a?a?a?aaaa",
                "(a)\\1",
                "(?<=x{1,1000})y",
                "(?<n>a)",
                "a{1,99}",
                "a{",
                "a**",
                "a+?",
                "(?>a)",
                "(",
                ")",
                "[a",
                "\\",
                "\\p{",
                "\\p{L",
                "",
                "a*",
                "|a",
                "(?i)a",
                "a$",
                "^a",
                "(?=a*)b",
                "((((((((((a))))))))))",
                "a{2}{2}",
                "\\G",
                "(?!a+)b",
                "\\s*x\\s*y",
                "\\p{L}+[b-c]|\\p{L}+[b-d]|\\p{L}+[b-e]|\\p{L}+[b-f]|\\p{L}+[b-g]|\\p{L}+[b-h]|\\p{L}+[b-i]|\\p{L}+[b-j]|\\p{L}+[b-k]|\\p{L}+[b-l]|\\p{L}+[b-m]|\\p{L}+[b-n]",
                "a+b|a+c|a+d|a+e|a+f",
                "x?y?a+b|x?y?a+c|x?y?a+d",
                "(?:a+|b+|c+)d",
                // a run that nothing takes is gone through again from each of its characters
                "\\p{L}+[0-9]",
                "\\p{L}+[0-9]|\\p{N}",
                "\\p{L}+[0-9]|a|\\p{L}+",
                "\\p{L}+[0-9]|[a-z]+",
                "\\p{L}+[0-9]|x\\p{L}+",
                "\\p{L}+[0-9]|\\p{L}+x",
                "\\s*[\\r\\n]+|\\s",
                "(?:\\p{L}+[0-9])|\\p{L}+",
                "(?:\\p{L}+)[0-9]|\\p{L}+",
                // a digit that the matcher takes for text
                "\\s+x{\u0660}|."
            })
    void costlyOrUnknownExpressionsAreRefused(String pattern) {
        assertThat(SplitPattern.problem(pattern)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                " ?\\p{N}| ?\\p{L}+| ?[^\\s\\p{L}\\p{N}]|\\s+",
                "\\d",
                "[[:alpha:]]+",
                "[^\\x{4e00}-\\u9fa5]+",
                "(?:ab|c)",
                "a{2,3}b",
                "\\p{L}+[0-9]|\\p{L}+",
                "\\p{L}+|\\p{L}+[0-9]",
                "\\p{L}+[0-9]|\\p{L}+x|[^\\s]?\\p{L}+[0-9]*",
                "\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
                "]}"
            })
    void plainExpressionsAreTaken(String pattern) {
        assertThat(SplitPattern.problem(pattern)).isEmpty();
    }

    private String read(ObjectNode json) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        return PlainCopy.of(folder);
    }
}
