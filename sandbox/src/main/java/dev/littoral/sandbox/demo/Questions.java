package dev.littoral.sandbox.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chooses questions so that the kinds of task take turns. */
final class Questions {

    private Questions() {}

    /** Returns the question with the longest answer. */
    static Question longest(List<Question> all) {
        return all.stream()
                .max(Comparator.comparingInt(question -> question.answer().length()))
                .orElseThrow(() -> DemoFailure.of("there is no question"));
    }

    /** Returns {@code count} questions, the {@code round}-th of each task first. */
    static List<Question> pick(List<Question> all, int count, int round) {
        Map<String, List<Question>> byTask = new LinkedHashMap<>();
        all.forEach(question -> byTask.computeIfAbsent(question.task(), task -> new ArrayList<>())
                .add(question));
        List<List<Question>> tasks = List.copyOf(byTask.values());
        List<Question> picked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Question> task = tasks.get(i % tasks.size());
            picked.add(task.get((round + i / tasks.size()) % task.size()));
        }
        return picked;
    }
}
