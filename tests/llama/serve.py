"""A llama.cpp server with a tiny model of random weights, for `tests/llama/run`.

The model is made on the spot: one layer, one token for every byte. What it says is random, and
the server holds it to the schema that it is given. Usage: serve.py FOLDER SEED; the address is
written to FOLDER/address, and the server ends with its standard input.
"""

import pathlib
import sys

import gguf
import numpy
import xllamacpp

WIDTH, HEADS, INNER, CONTEXT = 32, 2, 64, 65536


def make_model(path, seed):
    """Writes a model of the `llama` family with random weights."""
    random = numpy.random.default_rng(seed)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("noise")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    kinds = [2, 3, 3] + [6] * 256
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    template = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant: "
    writer.add_chat_template(template)

    def noise(*shape):
        return random.normal(0.0, 0.4, shape)

    def tensor(name, *shape, weights=None):
        if weights is None:
            weights = noise(*shape) if len(shape) > 1 else numpy.ones(shape)
        writer.add_tensor(name, weights.astype(numpy.float32))

    # The first number of every token is the same and large, so that it serves as a bias: texts
    # are of plain characters mostly, and end.
    embedding, output = noise(len(tokens), WIDTH), 0.2 * noise(len(tokens), WIDTH)
    embedding[:, 0] = 4.0
    output[:, 0] = 0.0
    output[3 + 0x80 :, 0] = -1.0
    output[[3 + byte for byte in b" \t\n"], 0] = -0.6
    output[3 + ord('"'), 0] = 0.8
    tensor("token_embd.weight", weights=embedding)
    tensor("output_norm.weight", WIDTH)
    tensor("output.weight", weights=output)
    tensor("blk.0.attn_norm.weight", WIDTH)
    tensor("blk.0.ffn_norm.weight", WIDTH)
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        tensor(f"blk.0.{name}.weight", WIDTH, WIDTH)
    tensor("blk.0.ffn_gate.weight", INNER, WIDTH)
    tensor("blk.0.ffn_up.weight", INNER, WIDTH)
    tensor("blk.0.ffn_down.weight", WIDTH, INNER)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    folder, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    path = str(folder / "noise.gguf")
    make_model(path, seed)
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.sampling.temp = 1.5
    params.warmup = False
    params.endpoint_metrics = False
    server = xllamacpp.Server(params)
    (folder / "address").write_text(server.listening_address)
    sys.stdin.read()


main()
