package dev.littoral.agent.serve;

import dev.littoral.protocol.agent.v1.LoadProgress;
import dev.littoral.protocol.agent.v1.Phase;
import io.grpc.stub.ServerCallStreamObserver;

/** Sends how far the load is; a slow reader misses steps in between, never the last. */
final class LoadFollower {

    private final ServerCallStreamObserver<LoadProgress> reader;
    private Runnable unfollow = () -> {};
    private boolean ended;

    private LoadFollower(ServerCallStreamObserver<LoadProgress> reader) {
        this.reader = reader;
    }

    static void follow(Backend backend, ServerCallStreamObserver<LoadProgress> reader) {
        var follower = new LoadFollower(reader);
        reader.setOnCancelHandler(follower::end);
        follower.begin(backend);
    }

    private synchronized void begin(Backend backend) {
        unfollow = backend.follow(this::changed);
        if (ended) {
            unfollow.run();
        }
    }

    private synchronized void changed(LoadProgress progress) {
        if (ended) {
            return;
        }
        boolean last = progress.getPhase() != Phase.LOADING;
        if (last || reader.isReady()) {
            reader.onNext(progress);
        }
        if (last) {
            end();
            reader.onCompleted();
        }
    }

    private synchronized void end() {
        ended = true;
        unfollow.run();
    }
}
