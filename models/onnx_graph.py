"""Builder of the ONNX graph that serves: token ids in, one normalised vector out.

The graph reads one text at a time. Dynamic quantisation takes its range over everything that is
multiplied together, so that a text in a batch would get a vector that depends on its neighbours
and on the padding between them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.encoder_weights import BlockTable, EncoderLayer, EncoderWeights, LayerNorm, Linear
from models.onnx_graph_names import INPUT, OUTPUT
from models.quantisation import quantise_outputs

_FUSED = "com.microsoft"


def build_encoder_graph(weights: EncoderWeights) -> onnx.ModelProto:
    """Build the graph of a mean-pooling BERT encoder in 8-bit arithmetic.

    Word embeddings stay in the block format that they come in and are widened row by row.
    The linear layers multiply 8-bit activations, quantised as they come, with 7-bit weights.
    The operators are those of ONNX and ONNX Runtime's own fused ones (`com.microsoft`), in the
    form that was measured fastest, so that loading needs no optimisation.

    Args:
        weights: The encoder.

    Returns:
        A model with the input `input_ids`, int64 of shape (1, tokens), start and end token
        included, and the output `embedding`, float32 of shape (1, hidden), of length 1.
    """
    graph = _Graph()
    hidden = _embeddings(graph, weights)
    for position, layer in enumerate(weights.layers):
        hidden = _layer(graph, f"layer.{position}", layer, hidden, weights)
    tokens_axis = graph.constant("axis.tokens", np.array([1], np.int64))
    mean = graph.add("ReduceMean", [hidden, tokens_axis], "mean", keepdims=0)
    graph.add("LpNormalization", [mean], OUTPUT, axis=-1, p=2)
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "encoder",
            [helper.make_tensor_value_info(INPUT, TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, weights.hidden])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid(_FUSED, 1)],
        ir_version=10,
        producer_name="polyfaq",
    )


@dataclass(slots=True)
class _Graph:
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
        kind = TensorProto.INT4
        packed = (unsigned[:, 0::2] & np.uint8(0x0F)) | (unsigned[:, 1::2] << np.uint8(4))
    else:
        # 8-bit tables are unsigned, with an implied zero point of 128.
        kind = TensorProto.UINT8
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
        bits=words.bits,
        block_size=words.block,
        gather_axis=0,
        quantize_axis=1,
    )


def _layer(
    graph: _Graph, name: str, layer: EncoderLayer, hidden: str, weights: EncoderWeights
) -> str:
    context = graph.add(
        "MultiHeadAttention",
        [
            _linear(graph, f"{name}.query", layer.query, hidden),
            _linear(graph, f"{name}.key", layer.key, hidden),
            _linear(graph, f"{name}.value", layer.value, hidden),
        ],
        f"{name}.context",
        _FUSED,
        num_heads=weights.heads,
    )
    attended = _linear(graph, f"{name}.attention", layer.attention_output, context)
    # Add and LayerNormalization apart are two to three times as fast as SkipLayerNormalization.
    total = graph.add("Add", [attended, hidden], f"{name}.attention.sum")
    hidden = _norm(graph, f"{name}.attention", layer.attention_norm, total, weights.epsilon)
    inner = _linear(graph, f"{name}.inner", layer.intermediate, hidden)
    active = graph.add("Gelu", [inner], f"{name}.active", _FUSED)
    outer = _linear(graph, f"{name}.output", layer.output, active)
    total = graph.add("Add", [outer, hidden], f"{name}.output.sum")
    return _norm(graph, f"{name}.output", layer.output_norm, total, weights.epsilon)


def _linear(graph: _Graph, name: str, linear: Linear, inputs: str) -> str:
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
