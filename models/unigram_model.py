"""A unigram vocabulary, and the SentencePiece model file that is made of it."""

from dataclasses import dataclass

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as protobuf

from models.embedding import FloatArray


@dataclass(frozen=True, slots=True)
class UnigramVocabulary:
    """What a unigram tokenizer knows.

    Attributes:
        pieces: Text of each id.
        scores: Log probability of each id, shape (len(pieces),).
        start: Id put before a text.
        end: Id put after a text.
        padding: Id that fills up batches.
        unknown: Id of what no piece covers.
        normalisation: SentencePiece's compiled map of characters; None for its own `nmt_nfkc`.
    """

    pieces: tuple[str, ...]
    scores: FloatArray
    start: int
    end: int
    padding: int
    unknown: int
    normalisation: bytes | None = None


def build_unigram_model(vocabulary: UnigramVocabulary) -> bytes:
    """Build the SentencePiece model of a vocabulary.

    Args:
        vocabulary: Pieces, scores, special tokens and normalisation.

    Returns:
        A model file's bytes, whose ids are those of the vocabulary.
    """
    model = protobuf.ModelProto()
    normalisation = vocabulary.normalisation
    if normalisation is None:
        rules = protobuf.ModelProto()
        rules.ParseFromString(
            sentencepiece.SentencePieceNormalizer(rule_name="nmt_nfkc").serialized_model_proto()
        )
        normalisation = rules.normalizer_spec.precompiled_charsmap
    model.normalizer_spec.name = "nmt_nfkc"
    model.normalizer_spec.precompiled_charsmap = normalisation
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = True
    model.normalizer_spec.escape_whitespaces = True
    model.trainer_spec.model_type = protobuf.TrainerSpec.UNIGRAM
    model.trainer_spec.vocab_size = len(vocabulary.pieces)
    for role, token in (
        ("unk", vocabulary.unknown),
        ("bos", vocabulary.start),
        ("eos", vocabulary.end),
        ("pad", vocabulary.padding),
    ):
        setattr(model.trainer_spec, f"{role}_id", token)
        setattr(model.trainer_spec, f"{role}_piece", vocabulary.pieces[token])
    piece_type = protobuf.ModelProto.SentencePiece
    for token, (piece, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores, strict=True)):
        kind = piece_type.NORMAL
        if token == vocabulary.unknown:
            kind = piece_type.UNKNOWN
        elif token in (vocabulary.start, vocabulary.end, vocabulary.padding) or piece == "<mask>":
            kind = piece_type.CONTROL
        model.pieces.add(piece=piece, score=float(score), type=kind)
    return bytes(model.SerializeToString())
