package dev.littoral.agent.serve;

import dev.littoral.agent.stage.LoadState;
import dev.littoral.agent.stage.StageLoader;
import dev.littoral.protocol.agent.v1.LoadProgress;
import io.grpc.stub.ServerCallStreamObserver;

/** Sends how far the load is; a slow reader misses steps in between, never the last. */
final class LoadFollower {

    private final ServerCallStreamObserver<LoadProgress> reader;
    private Runnable unfollow = () -> {};
    private boolean ended;

    private LoadFollower(ServerCallStreamObserver<LoadProgress> reader) {
        this.reader = reader;
    }

    static void follow(StageLoader loader, ServerCallStreamObserver<LoadProgress> reader) {
        var follower = new LoadFollower(reader);
        reader.setOnCancelHandler(follower::end);
        follower.begin(loader);
    }

    private synchronized void begin(StageLoader loader) {
        unfollow = loader.follow(this::changed);
        if (ended) {
            unfollow.run();
        }
    }

    private synchronized void changed(LoadState state) {
        if (ended) {
            return;
        }
        boolean last = !(state instanceof LoadState.Loading);
        if (last || reader.isReady()) {
            reader.onNext(Descriptions.progress(state));
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
