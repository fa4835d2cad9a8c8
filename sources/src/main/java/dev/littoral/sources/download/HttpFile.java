package dev.littoral.sources.download;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.http.Reply;
import dev.littoral.sources.http.WebRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file that a web server gives by ranges.
 *
 * @param sender asks the server, as whom it likes
 * @param request GET of the whole
 * @param version compared with the header {@code versionHeader} of the first hop of every answer, where both are there
 * @param versionHeader such as {@code ETag}; empty where the digest alone counts
 * @param pieces whether the server gives ranges, as far as it has shown
 */
public record HttpFile(
        Sender sender,
        WebRequest request,
        String name,
        long bytes,
        Optional<Digest> digest,
        String version,
        String versionHeader,
        AtomicBoolean pieces)
        implements RemoteFile {

    /**
     * Makes one.
     *
     * @param ranges whether the server says, or is thought, to give ranges
     */
    public HttpFile(
            Sender sender,
            WebRequest request,
            String name,
            long bytes,
            Optional<Digest> digest,
            String version,
            String versionHeader,
            boolean ranges) {
        this(sender, request, name, bytes, digest, version, versionHeader, new AtomicBoolean(ranges));
    }

    /** Asks a server. */
    @FunctionalInterface
    public interface Sender {

        /** Sends a request. */
        Reply send(WebRequest request) throws IOException;
    }

    private static final int PARTIAL = 206;
    private static final int NOT_SATISFIABLE = 416;

    /** Gives the same file, whose bytes must add up to {@code wanted}. */
    public HttpFile withDigest(Digest wanted) {
        return new HttpFile(sender, request, name, bytes, Optional.of(wanted), version, versionHeader, pieces);
    }

    @Override
    public boolean ranges() {
        return pieces.get();
    }

    @Override
    public InputStream open(long from, long to) throws IOException {
        if (to <= from) {
            return InputStream.nullInputStream();
        }
        boolean whole = from == 0 && to == bytes;
        WebRequest wanted = whole ? request : request.range(from, to);
        if (!whole && version.startsWith("\"") && versionHeader.equals("ETag")) {
            wanted = wanted.with("If-Range", version);
        }
        Reply reply = sender.send(wanted);
        try {
            return body(reply, from, whole);
        } catch (IOException | RuntimeException e) {
            reply.close();
            throw e;
        }
    }

    private InputStream body(Reply reply, long from, boolean whole) throws IOException {
        if (reply.status() == NOT_SATISFIABLE) {
            throw changed("it is shorter than it was");
        }
        requireFound(reply, name);
        if (reply.header("Content-Encoding").filter(c -> !c.equals("identity")).isPresent()) {
            throw new SourceException(
                    Reason.SourceCorrupt, name + " comes encoded though we asked for it as it is; mend the server");
        }
        Optional<String> now = versionHeader.isEmpty()
                ? Optional.empty()
                : reply.firstHeaders().firstValue(versionHeader);
        if (now.isPresent() && !version.isEmpty() && !now.get().equals(version)) {
            throw changed("its " + versionHeader + " was " + version + " and is " + now.get());
        }
        if (reply.status() == PARTIAL) {
            requireRange(reply, from);
            return reply.body();
        }
        OptionalLong length = reply.contentLength();
        if (length.isPresent() && length.getAsLong() != bytes) {
            throw changed("it had " + bytes + " bytes and has " + length.getAsLong());
        }
        if (!whole) {
            pieces.set(false);
        }
        return new FromByte(reply.body(), from); // a server without ranges begins at the beginning
    }

    /** Passes over the first bytes when it is read: whoever sees that there are no ranges may close it before. */
    private static final class FromByte extends FilterInputStream {

        private long before;

        FromByte(InputStream in, long from) {
            super(in);
            this.before = from;
        }

        private void pass() throws IOException {
            long count = before;
            before = 0;
            in.skipNBytes(count);
        }

        @Override
        public int read() throws IOException {
            pass();
            return in.read();
        }

        @Override
        public int read(byte[] target, int at, int count) throws IOException {
            pass();
            return in.read(target, at, count);
        }

        @Override
        public long skip(long count) throws IOException {
            pass();
            return in.skip(count);
        }
    }

    private void requireRange(Reply reply, long from) {
        String range = reply.header("Content-Range").orElse("");
        if (!range.matches("bytes " + from + "-[0-9]+/(" + bytes + "|\\*)")) {
            throw changed("it was asked for from byte " + from + " of " + bytes + " and came as \""
                    + SourceException.shown(range) + "\"");
        }
    }

    /**
     * Turns a status that means no into its exception.
     *
     * @throws SourceException when the status is none of success
     */
    public static void requireFound(Reply reply, String what) {
        switch (reply.status()) {
            case 200, PARTIAL -> {}
            case 401, 403 ->
                throw new SourceException(
                        Reason.SourceDenied,
                        "%s: %s answers with status %d; put a token or password that may read it into the source's secret"
                                .formatted(what, reply.uri().getHost(), reply.status()));
            case 404, 410 ->
                throw new SourceException(
                        Reason.SourceNotFound,
                        "%s: %s knows no such thing, or hides it; check name, revision and token"
                                .formatted(what, reply.uri().getHost()));
            default ->
                throw new SourceException(
                        Reason.SourceUnreachable,
                        "%s: %s answers with status %d, which is no answer to this question"
                                .formatted(what, reply.uri().getHost(), reply.status()));
        }
    }

    private SourceException changed(String how) {
        return new SourceException(
                Reason.SourceChanged, name + " was changed while it was read: " + how + "; it begins anew");
    }
}
