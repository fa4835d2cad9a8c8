package dev.littoral.scheduler.it;

import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.sandbox.process.Parent;
import dev.littoral.scheduler.rig.FakeAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An agent that is a process of its own and says, word by word, what {@link #wordsOf} makes of its prompt. */
final class EchoAgent {

    private static final int WORDS = 3;
    private static final int MILLIS_PER_WORD = 15;

    private EchoAgent() {}

    /** Listens until it is killed: {@code POD PORT SLOTS READY_FILE}. */
    public static void main(String... arguments) throws Exception {
        FakeAgent agent = new FakeAgent(
                arguments[0], Integer.parseInt(arguments[2]), Integer.parseInt(arguments[1]), EchoAgent::answer);
        Parent.dieWithIt();
        Files.writeString(Path.of(arguments[3]), agent.ref().address());
        new CountDownLatch(1).await();
    }

    private static void answer(GenerateRequest request, FakeAgent.Call call) throws InterruptedException {
        call.started(WORDS);
        for (String word : wordsOf(request.getChat().getMessages(0).getContent())) {
            if (call.cancelledWithin(MILLIS_PER_WORD, TimeUnit.MILLISECONDS)) {
                return;
            }
            call.delta(word);
        }
        call.finished(FinishReason.STOP);
    }

    /** Returns what is answered to a prompt. */
    static String[] wordsOf(String prompt) {
        return new String[] {prompt, " said", " who"};
    }
}
