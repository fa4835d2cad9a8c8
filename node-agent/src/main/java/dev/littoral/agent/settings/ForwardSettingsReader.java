package dev.littoral.agent.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Checks what an agent needs that forwards to a server of the OpenAI API. */
final class ForwardSettingsReader extends SettingChecks {

    private static final URI NONE = URI.create("http://127.0.0.1");

    private ForwardSettingsReader() {}

    static ForwardSettings read(AgentConfig config) {
        return new ForwardSettingsReader().check(config);
    }

    private ForwardSettings check(AgentConfig config) {
        AgentConfig.OpenAi openai = config.openai();
        var settings = new ForwardSettings(
                pod(config),
                node(config),
                bind(config),
                grpcPort(config),
                deployment(config.deployment()),
                plan(config),
                model(config),
                number("LITTORAL_OPENAI_CONTEXT_TOKENS", openai.contextTokens(), 2, MOST_CONTEXT_TOKENS),
                number("LITTORAL_OPENAI_SLOTS", openai.slots(), 1, MOST_SLOTS),
                new ForwardSettings.Server(
                        root(openai.url()),
                        apiKey(openai.apiKey()),
                        openai.model()
                                .map(String::strip)
                                .filter(name -> !name.isEmpty())
                                .or(config::model)
                                .orElse(""),
                        time("LITTORAL_OPENAI_FIRST_EVENT", openai.firstEvent()),
                        time("LITTORAL_OPENAI_NEXT_EVENT", openai.nextEvent()),
                        time("LITTORAL_OPENAI_POLL", openai.poll())),
                limits(config.limits()));
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return settings;
    }

    private URI root(Optional<String> value) {
        String text = text("LITTORAL_OPENAI_URL", value, "the server's address, such as http://10.0.0.7:8000");
        if (text.isEmpty()) {
            return NONE;
        }
        try {
            URI url = new URI(text.replaceFirst("/+$", "").replaceFirst("/v1$", ""));
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null && url.getRawUserInfo() == null && url.getRawQuery() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // told below, in the same words as a url of another kind
        }
        problems.add("LITTORAL_OPENAI_URL is '" + shown(text)
                + "': give http:// or https://, a host, a port and no user, such as http://10.0.0.7:8000");
        return NONE;
    }

    private Optional<ApiKey> apiKey(Optional<String> value) {
        Optional<String> key = value.map(String::strip).filter(text -> !text.isEmpty());
        if (key.filter(text -> !text.matches("[\\x21-\\x7e]+")).isPresent()) {
            problems.add("LITTORAL_OPENAI_API_KEY has characters that no header takes: give the key alone");
            return Optional.empty();
        }
        return key.map(ApiKey::new);
    }
}
