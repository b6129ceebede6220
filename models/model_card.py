"""The model card of an installed model: what it is, whose it is, and how it was made."""

from models.catalogue import CatalogueModel


def model_card(model: CatalogueModel, source: str, source_sha256: str, method: str) -> str:
    """Write the card.

    Args:
        model: What was installed.
        source: Where the weights came from.
        source_sha256: Hex digest of the file that they came from.
        method: How they were converted.

    Returns:
        Markdown.
    """
    return f"""\
# {model.name}

{model.description}.

| | |
|---|---|
| Made by | the authors of {model.homepage} |
| Paper | {model.paper} |
| Licence | {model.licence} |
| Languages | {len(model.languages)}: {" ".join(model.languages)} |
| Dimension | {model.dimension} |
| Longest text | {model.max_tokens} tokens, start and end token included; the rest is cut |
| Prefixes | `{model.query_prefix}` before a question, `{model.passage_prefix}` before a passage |
| Pooling | mean over the tokens, then length 1 |

## Where this copy came from

{source}

SHA-256 of the weights as they came: `{source_sha256}`

## How it was converted

{method}
Activations are quantised to 8 bits as they come, with one range for a text. Weights keep to 7 bits
so that processors with and without VNNI compute the same numbers. Pooling and normalisation are
part of the graph, which reads one text at a time: a text's vector never depends on others.

The tokenizer has the pieces, scores and ids of the original as a SentencePiece model.

`model.json` lists every file with its size and SHA-256; `polyfaq models verify` compares them.
"""
