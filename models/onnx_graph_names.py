"""How the graph's one input and one output are called, for those who run it without `onnx`."""

INPUT = "input_ids"
OUTPUT = "embedding"
