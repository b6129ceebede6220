"""Finding the channels whose activations are far larger than all others."""

import numpy as np
import onnxruntime

from models.embedding import FloatArray
from models.encoder_weights import EncoderWeights
from models.onnx_graph import Divisors, build_observed_graph
from models.onnx_graph_names import INPUT
from models.unigram_tokenizer import UnigramTokenizer

# A channel is divided down to this many times the median channel's largest number.
_LARGEST_OF_MEDIAN = 3.0

# The largest activations stand at the same few channels whatever the text, so that texts of many
# scripts and lengths, written for this list, are enough to find them.
_TEXTS = (
    "How do I return something I bought last week?",
    "Pack the item well, print the label, bring the parcel to a post office; we refund you soon.",
    "refund???",
    "Wann kommt mein Paket an, und kann ich die Adresse noch ändern?",
    "Où est ma commande n° 10-2231 ?",
    "La factura se envía por correo electrónico el mismo día de la compra.",
    "Posso pagar em três vezes sem juros?",
    "Czy mogę anulować zamówienie, które już zostało wysłane?",
    "Şifremi unuttum, hesabıma nasıl girebilirim?",
    "Гарантия действует два года со дня покупки.",
    "كيف يمكنني تغيير عنوان التوصيل؟",
    "क्या मैं बिना रसीद के सामान वापस कर सकता हूँ?",
    "配送需要多长时间?周末也送货吗?",
    "ポイントの有効期限はいつまでですか。",
    "배송비는 얼마인가요?",
    "ฉันจะติดต่อฝ่ายบริการลูกค้าได้อย่างไร",
    "Πού μπορώ να δω την κατάσταση της παραγγελίας μου;",
    "https://shop.example/help - code: AB12-99, 49.90 €!",
)


def find_divisors(
    weights: EncoderWeights, tokenizer: UnigramTokenizer, prefixes: tuple[str, ...]
) -> tuple[Divisors, ...]:
    """Run texts through the encoder in float32, and find what to divide its activations by.

    Args:
        weights: The encoder.
        tokenizer: Its tokenizer.
        prefixes: What the model expects before texts; each text is run with each.

    Returns:
        One for each layer.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        build_observed_graph(weights).SerializeToString(),
        options,
        providers=["CPUExecutionProvider"],
    )
    names = [output.name for output in session.get_outputs()[1:]]
    largest: list[FloatArray] = []
    for prefix in prefixes:
        for text in _TEXTS:
            seen = session.run(names, {INPUT: tokenizer.encode(prefix + text).ids})
            largest = [np.maximum(old, new) for old, new in zip(largest or seen, seen, strict=True)]
    found = [_divisor(channels[0]) for channels in largest]
    return tuple(
        Divisors(inner, output) for inner, output in zip(found[0::2], found[1::2], strict=True)
    )


def _divisor(largest: FloatArray) -> FloatArray | None:
    limit = _LARGEST_OF_MEDIAN * np.median(largest)
    if limit <= 0 or largest.max() <= limit:
        return None
    # Powers of two come out the same on machines whose arithmetic differs in the last bit, so that
    # a model installed on each is the same model.
    exponents = np.rint(np.log2(np.maximum(largest / limit, 1)))
    divisor: FloatArray = np.exp2(exponents).astype(np.float32)
    return divisor
