/** Answers with a server of the OpenAI API that runs on the node already: llama.cpp, vLLM, Ollama. */
@NullMarked
package dev.littoral.agent.openai;

import org.jspecify.annotations.NullMarked;
