package dev.littoral.scheduler.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.protocol.events.EventNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads answers as a reader is told to: only what is committed, dropping a chunk whose CloudEvents id or a larger attempt
 * came before, and whatever comes behind the final. Finals it counts, every one of them.
 */
final class Ledger {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final class Page {
        private final Set<String> chunks = new HashSet<>();
        private final StringBuilder text = new StringBuilder();
        private long attempt;
        private int next;
        private int finals;
        private int partition = -1;
        private String answer = "";
    }

    private final Map<String, Page> pages = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Integer> ends = new HashMap<>();
    private int ended;

    synchronized void read(ConsumerRecord<String, byte[]> each) {
        String id = KafkaUser.header(each, "ce_requestid");
        Page page = pages.computeIfAbsent(id, name -> new Page());
        if (page.partition >= 0 && page.partition != each.partition()) {
            faults.add(id + " is answered on two partitions");
        }
        page.partition = each.partition();
        if (!each.key().equals("key-" + id)) {
            faults.add(id + " is answered with key " + each.key());
        }
        try {
            JsonNode data = JSON.readTree(each.value());
            if (KafkaUser.header(each, "ce_type").equals(EventNames.FINAL_TYPE)) {
                end(id, page, data);
            } else if (page.finals == 0 && page.chunks.add(KafkaUser.header(each, "ce_id"))) {
                chunk(id, page, each, data);
            }
        } catch (IOException e) {
            faults.add(id + ": " + e);
        }
    }

    private void chunk(String id, Page page, ConsumerRecord<String, byte[]> each, JsonNode data) {
        long attempt = Long.parseLong(KafkaUser.header(each, "ce_attempt"));
        int sequence = Integer.parseInt(KafkaUser.header(each, "ce_sequence"));
        if (attempt > page.attempt) {
            page.attempt = attempt;
            page.next = 0;
            page.text.setLength(0);
        }
        if (attempt < page.attempt) {
            return;
        }
        if (sequence != page.next) {
            faults.add(id + ": chunk " + attempt + "/" + sequence + " after " + page.attempt + "/" + page.next);
        }
        page.next = sequence + 1;
        page.text.append(data.at("/choices/0/delta/content").asText());
    }

    private void end(String id, Page page, JsonNode data) {
        page.finals++;
        String code = data.path("error_code").asText("OK");
        if (page.finals == 1) {
            ended++;
            ends.merge(code, 1, Integer::sum);
        }
        page.answer = data.at("/payload/choices/0/message/content").asText();
        if (code.equals("OK") && !page.text.toString().equals(page.answer)) {
            faults.add(id + ": the chunks say '" + page.text + "', the final '" + page.answer + "'");
        }
    }

    /** Counts the requests that have a final. */
    synchronized int ended() {
        return ended;
    }

    /** Counts how requests ended, by error code. */
    synchronized Map<String, Integer> ends() {
        return Map.copyOf(ends);
    }

    /** Returns the ids that have more than one final. */
    synchronized List<String> doubled() {
        return pages.entrySet().stream()
                .filter(each -> each.getValue().finals > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns what a reader cannot make sense of. */
    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** Returns the answer to a request, from its final. */
    synchronized String answer(String id) {
        return pages.getOrDefault(id, new Page()).answer;
    }
}
