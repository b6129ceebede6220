"""Turns the ONNX export of any encoder into the graph that serving expects."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from models.onnx_graph_names import INPUT, OUTPUT
from models.repository_folder import UnsupportedModelError

# What an encoder may ask for beside the ids, with the value it has for one unpadded text.
_FILLED_INPUTS = {"attention_mask": 1, "token_type_ids": 0}


def adopt_onnx_graph(path: Path) -> onnx.ModelProto:
    """Quantise an encoder, and put mean pooling and normalisation behind it.

    Linear layers become 8-bit with 7-bit weights, a scale for each output, as in the graphs built
    here; word embeddings stay as they are.

    Args:
        path: An ONNX file with the input `input_ids`, and perhaps `attention_mask` and
            `token_type_ids`, and an output of shape (texts, tokens, hidden).

    Returns:
        A model with the input `input_ids`, int64 of shape (1, tokens), and the output
        `embedding`, float32 of shape (1, hidden), of length 1.

    Raises:
        UnsupportedModelError: The file is unreadable, or its inputs or outputs are others.
    """
    with TemporaryDirectory(dir=path.parent, prefix="quantise-") as scratch:
        small = Path(scratch) / "model.onnx"
        try:
            quantize_dynamic(
                path,
                small,
                op_types_to_quantize=["MatMul"],
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
                use_external_data_format=True,
                extra_options={"DefaultTensorType": TensorProto.FLOAT},
            )
            model = onnx.load(small)
        except Exception as error:  # parsers of protocol buffers, shapes and quantisers all differ
            raise UnsupportedModelError(f"{path} cannot be quantised: {error}") from error
    _fill_inputs(path, model.graph)
    _pool(path, model.graph)
    return model


def _fill_inputs(path: Path, graph: onnx.GraphProto) -> None:
    names = {value.name for value in graph.input}
    unknown = names - _FILLED_INPUTS.keys() - {INPUT}
    if unknown or INPUT not in names:
        raise UnsupportedModelError(
            f"{path} has the inputs {', '.join(sorted(names))}; only {INPUT}, "
            f"{', '.join(_FILLED_INPUTS)} can be given"
        )
    nodes = [helper.make_node("Shape", [INPUT], ["polyfaq.shape"])]
    for name in sorted(names - {INPUT}):
        value = numpy_helper.from_array(np.array([_FILLED_INPUTS[name]], np.int64))
        nodes.append(helper.make_node("ConstantOfShape", ["polyfaq.shape"], [name], value=value))
    for position, node in enumerate(nodes):
        graph.node.insert(position, node)
    del graph.input[:]
    graph.input.append(helper.make_tensor_value_info(INPUT, TensorProto.INT64, [1, "tokens"]))


def _pool(path: Path, graph: onnx.GraphProto) -> None:
    ranked = [
        (value.name, value.type.tensor_type.shape.dim)
        for value in graph.output
        if len(value.type.tensor_type.shape.dim) == 3
    ]
    if not ranked:
        raise UnsupportedModelError(f"{path} has no output of shape (texts, tokens, hidden)")
    name, dimensions = ranked[0]
    # The sum has the direction of the mean, and its operator one form since version 13.
    axes = numpy_helper.from_array(np.array([1], np.int64), "polyfaq.axes")
    graph.initializer.append(axes)
    graph.node.extend(
        [
            helper.make_node("ReduceSum", [name, "polyfaq.axes"], ["polyfaq.sum"], keepdims=0),
            helper.make_node("LpNormalization", ["polyfaq.sum"], [OUTPUT], axis=-1, p=2),
        ]
    )
    hidden = dimensions[2].dim_value or "hidden"
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, hidden]))
