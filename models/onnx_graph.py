"""Builder of the ONNX graph that serves: token ids in, one normalised vector out.

The graph reads one text at a time. Dynamic quantisation takes its range over everything that is
multiplied together, so that a text in a batch would get a vector that depends on its neighbours
and on the padding between them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.embedding import FloatArray
from models.encoder_weights import BlockTable, EncoderLayer, EncoderWeights, LayerNorm, Linear
from models.onnx_graph_names import INPUT, OUTPUT
from models.quantisation import quantise_outputs

_FUSED = "com.microsoft"


@dataclass(frozen=True, slots=True)
class Divisors:
    """What activations are divided by before they are quantised, for one layer.

    A few channels of a transformer carry numbers many times as large as all others. One range for
    all leaves the others a handful of steps, so these channels are divided, and the weights that
    they meet multiplied (Xiao et al., SmoothQuant, arXiv:2211.10438).

    Attributes:
        inner: Shape (hidden,), for the input of the intermediate layer; None to leave it.
        output: Shape (feed-forward,), for the input of the output layer; None to leave it.
    """

    inner: FloatArray | None = None
    output: FloatArray | None = None


def build_encoder_graph(weights: EncoderWeights, divisors: Sequence[Divisors]) -> onnx.ModelProto:
    """Build the graph of a mean-pooling BERT encoder in 8-bit arithmetic.

    Word embeddings stay in the block format that they come in and are widened row by row.
    The linear layers multiply 8-bit activations, quantised as they come, with 7-bit weights.
    The operators are those of ONNX and ONNX Runtime's own fused ones (`com.microsoft`), in the
    form that was measured fastest.

    Args:
        weights: The encoder.
        divisors: One for each layer.

    Returns:
        A model with the input `input_ids`, int64 of shape (1, tokens), start and end token
        included, and the output `embedding`, float32 of shape (1, hidden), of length 1.
    """
    graph = _Graph(_quantised)
    _pool(graph, _encode(graph, weights, divisors))
    return graph.model([(OUTPUT, [1, weights.hidden])])


def build_observed_graph(weights: EncoderWeights) -> onnx.ModelProto:
    """Build the graph in float32, with a look at what the feed-forward layers are given.

    Args:
        weights: The encoder.

    Returns:
        A model with the input `input_ids` as above, and the output `embedding`, and then for each
        layer two outputs: the largest absolute numbers of each channel that the intermediate layer
        is given, shape (1, hidden), and the output layer, shape (1, feed-forward).
    """
    graph = _Graph(_exact)
    _pool(graph, _encode(graph, weights, [Divisors() for _ in weights.layers]))
    outputs: list[tuple[str, list[int]]] = [(OUTPUT, [1, weights.hidden])]
    for position, layer in enumerate(weights.layers):
        for name, linear in (
            (f"layer.{position}.attention.norm", layer.intermediate),
            (f"layer.{position}.active", layer.output),
        ):
            absolute = graph.add("Abs", [name], f"{name}.absolute")
            graph.add("ReduceMax", [absolute, "axis.tokens"], f"{name}.largest", keepdims=0)
            outputs.append((f"{name}.largest", [1, linear.weight.shape[1]]))
    return graph.model(outputs)


@dataclass(slots=True)
class _Graph:
    linear: Callable[["_Graph", str, Linear, str], str]
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(
        self,
        operator: str,
        inputs: Sequence[str],
        output: str,
        domain: str = "",
        **attributes: float,
    ) -> str:
        node = helper.make_node(operator, inputs, [output], output, domain=domain)
        node.attribute.extend(helper.make_attribute(name, attributes[name]) for name in attributes)
        self.nodes.append(node)
        return output

    def model(self, outputs: Sequence[tuple[str, list[int]]]) -> onnx.ModelProto:
        return helper.make_model(
            helper.make_graph(
                self.nodes,
                "encoder",
                [helper.make_tensor_value_info(INPUT, TensorProto.INT64, [1, "tokens"])],
                [
                    helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                    for name, shape in outputs
                ],
                self.constants,
            ),
            opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid(_FUSED, 1)],
            ir_version=10,
            producer_name="polyfaq",
        )


def _pool(graph: _Graph, hidden: str) -> None:
    tokens_axis = graph.constant("axis.tokens", np.array([1], np.int64))
    mean = graph.add("ReduceMean", [hidden, tokens_axis], "mean", keepdims=0)
    graph.add("LpNormalization", [mean], OUTPUT, axis=-1, p=2)


def _encode(graph: _Graph, weights: EncoderWeights, divisors: Sequence[Divisors]) -> str:
    hidden = _embeddings(graph, weights)
    for position, (layer, divisor) in enumerate(zip(weights.layers, divisors, strict=True)):
        name = f"layer.{position}"
        hidden = _attention(graph, name, layer, hidden, weights)
        total = _feed_forward(graph, name, layer, hidden, divisor)
        hidden = _norm(graph, f"{name}.output", layer.output_norm, total, weights.epsilon)
    return hidden


def _embeddings(graph: _Graph, weights: EncoderWeights) -> str:
    words = _word_rows(graph, weights.words)
    # Every token has the same type here, so its embedding is added to the positions once.
    table = graph.constant("positions", weights.positions + weights.types[0])
    zero = graph.constant("zero", np.array([0], np.int64))
    tokens = graph.add("Shape", [INPUT], "tokens", start=1, end=2)
    positions = graph.add("Slice", [table, zero, tokens, zero], "token.positions")
    total = graph.add("Add", [words, positions], "embeddings.sum")
    return _norm(graph, "embeddings", weights.embedding_norm, total, weights.epsilon)


def _word_rows(graph: _Graph, words: BlockTable) -> str:
    unsigned = words.values.view(np.uint8)
    if words.bits == 4:
        kind, width = TensorProto.INT4, {}
        packed = (unsigned[:, 0::2] & np.uint8(0x0F)) | (unsigned[:, 1::2] << np.uint8(4))
    else:
        # 8-bit tables are unsigned, with an implied zero point of 128.
        kind, width = TensorProto.UINT8, {"bits": 8}
        packed = unsigned ^ np.uint8(0x80)
    graph.constants.append(
        helper.make_tensor("words", kind, words.values.shape, packed.tobytes(), raw=True)
    )
    scales = graph.constant("words.scales", words.scales)
    return graph.add(
        "GatherBlockQuantized",
        ["words", INPUT, scales],
        "token.words",
        _FUSED,
        block_size=words.block,
        gather_axis=0,
        quantize_axis=1,
        **width,
    )


def _attention(
    graph: _Graph, name: str, layer: EncoderLayer, hidden: str, weights: EncoderWeights
) -> str:
    context = graph.add(
        "MultiHeadAttention",
        [
            graph.linear(graph, f"{name}.query", layer.query, hidden),
            graph.linear(graph, f"{name}.key", layer.key, hidden),
            graph.linear(graph, f"{name}.value", layer.value, hidden),
        ],
        f"{name}.context",
        _FUSED,
        num_heads=weights.heads,
    )
    attended = graph.linear(graph, f"{name}.attention", layer.attention_output, context)
    # Add and LayerNormalization apart are two to three times as fast as SkipLayerNormalization.
    total = graph.add("Add", [attended, hidden], f"{name}.attention.sum")
    return _norm(graph, f"{name}.attention", layer.attention_norm, total, weights.epsilon)


def _feed_forward(
    graph: _Graph, name: str, layer: EncoderLayer, hidden: str, divisors: Divisors
) -> str:
    inner = _divided(graph, f"{name}.inner", layer.intermediate, divisors.inner, hidden)
    active = graph.add("Gelu", [inner], f"{name}.active", _FUSED)
    outer = _divided(graph, f"{name}.output", layer.output, divisors.output, active)
    return graph.add("Add", [outer, hidden], f"{name}.output.sum")


def _divided(
    graph: _Graph, name: str, linear: Linear, divisor: FloatArray | None, inputs: str
) -> str:
    if divisor is None:
        return graph.linear(graph, name, linear, inputs)
    factors = graph.constant(f"{name}.factors", np.float32(1) / divisor)
    divided = graph.add("Mul", [inputs, factors], f"{name}.divided")
    return graph.linear(graph, name, Linear(linear.weight * divisor, linear.bias), divided)


def _exact(graph: _Graph, name: str, linear: Linear, inputs: str) -> str:
    weight = graph.constant(f"{name}.weight", linear.weight.T)
    product = graph.add("MatMul", [inputs, weight], f"{name}.product")
    bias = graph.constant(f"{name}.bias", linear.bias)
    return graph.add("Add", [product, bias], f"{name}.linear")


def _quantised(graph: _Graph, name: str, linear: Linear, inputs: str) -> str:
    quantised = quantise_outputs(linear.weight)
    return graph.add(
        "DynamicQuantizeMatMul",
        [
            inputs,
            graph.constant(f"{name}.weight", quantised.values.T),
            graph.constant(f"{name}.scale", quantised.scales),
            graph.constant(f"{name}.zero", np.zeros(len(quantised.scales), np.int8)),
            graph.constant(f"{name}.bias", linear.bias),
        ],
        f"{name}.linear",
        _FUSED,
    )


def _norm(graph: _Graph, name: str, norm: LayerNorm, inputs: str, epsilon: float) -> str:
    return graph.add(
        "LayerNormalization",
        [
            inputs,
            graph.constant(f"{name}.norm.weight", norm.weight),
            graph.constant(f"{name}.norm.bias", norm.bias),
        ],
        f"{name}.norm",
        axis=-1,
        epsilon=epsilon,
    )
