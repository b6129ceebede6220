"""Chat models in this process, with random ones of one layer."""

from __future__ import annotations

import importlib.util
import json
import logging
import sys
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from models.chat_model import ChatModel, load_chat_model
from models.generation import (
    Author,
    BrokenReplyError,
    ExtraMissingError,
    GenerationLimits,
    GenerationTimedOutError,
    GeneratorBusyError,
    Message,
    ModelDamagedError,
    ModelMissingError,
    ModelTooLargeError,
    NotAChatModelError,
    TooLongError,
)
from models.transformers_generator import TransformersGenerator
from models.turns import Turns
from tests.tiny_chat_model import CONTEXT, save_chat_model, write_gguf
from tests.unit.cli_run import Home

needs_extra = [
    pytest.mark.transformers,
    pytest.mark.skipif(
        importlib.util.find_spec("transformers") is None,
        reason="needs `pip install 'polyfaq[transformers]'`",
    ),
    # The library's own dependencies warn of one another; that is theirs to mend.
    pytest.mark.filterwarnings("default"),
]

ASKED = [Message(Author.SYSTEM, "w3"), Message(Author.USER, "w4 w5")]
FEW = GenerationLimits(tokens=8, seconds=60)


def test_without_the_extra_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    monkeypatch.setitem(sys.modules, "torch", None)

    with pytest.raises(ExtraMissingError, match=r"pip install 'polyfaq\[transformers\]'"):
        load_chat_model("someone/model")


def test_a_model_is_loaded_when_it_is_needed_and_once() -> None:
    loaded: list[str] = []

    def load(name: str) -> ChatModel:
        loaded.append(name)
        raise ModelMissingError(f"no {name}")

    generator = TransformersGenerator("m", turns=Turns(1, 1), load=load)

    assert loaded == []
    assert generator.identity == "transformers m"
    with pytest.raises(ModelMissingError):
        next(generator.generate(ASKED, FEW))
    assert loaded == ["m"]


def test_a_failure_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def load(name: str) -> ChatModel:
        raise ModelMissingError(f"there is no {name}")

    with caplog.at_level(logging.DEBUG), pytest.raises(ModelMissingError):
        next(TransformersGenerator("m", turns=Turns(1, 1), load=load).generate(ASKED, FEW))

    assert [record.message for record in caplog.records] == ["generator: m: there is no m"]


def test_too_little_memory_while_loading_is_told() -> None:
    def load(name: str) -> ChatModel:
        raise MemoryError(name)

    with pytest.raises(ModelTooLargeError, match="not enough memory for m"):
        next(TransformersGenerator("m", turns=Turns(1, 1), load=load).generate(ASKED, FEW))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_chat_model(tmp_path_factory.mktemp("chat"))


@pytest.fixture(scope="module")
def chat(folder: Path) -> ChatModel:
    return load_chat_model(str(folder))


@pytest.fixture
def generator(chat: ChatModel) -> TransformersGenerator:
    return TransformersGenerator("tiny", turns=Turns(1, 0.05), load=lambda _: chat)


def words(pieces: Iterator[str]) -> list[str]:
    """Take the words of a text that is cut, as random models never end one."""
    taken: list[str] = []
    with pytest.raises(TooLongError, match="more tokens than it may"):
        taken.extend(pieces)
    return "".join(taken).split()


class TestWriting:
    pytestmark = needs_extra

    def test_the_likeliest_text_comes_in_pieces(self, generator: TransformersGenerator) -> None:
        first = words(generator.generate(ASKED, FEW))

        assert len(first) == 8
        assert set(first) <= {f"w{number}" for number in range(40)}
        assert words(generator.generate(ASKED, FEW)) == first

    def test_what_is_written_depends_on_what_was_asked(
        self, generator: TransformersGenerator
    ) -> None:
        other = [Message(Author.USER, "w30 w31 w32")]

        assert words(generator.generate(ASKED, FEW)) != words(generator.generate(other, FEW))

    def test_a_text_ends_where_the_model_ends_it(self, chat: ChatModel) -> None:
        generator = TransformersGenerator("tiny", turns=Turns(1, 1), load=lambda _: chat)
        written = words(generator.generate(ASKED, FEW))
        configuration = chat.model.generation_config
        end, configuration.eos_token_id = (
            configuration.eos_token_id,
            [2, chat.tokenizer.convert_tokens_to_ids(f"▁{written[3]}")],
        )

        whole = "".join(generator.generate(ASKED, FEW)).split()

        configuration.eos_token_id = end
        assert whole == written[: written.index(written[3]) + 1]

    def test_a_text_that_takes_too_long_is_given_up(
        self, chat: ChatModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        may_go_on = threading.Event()
        generate = chat.model.generate

        def slow(**asked: object) -> object:
            may_go_on.wait(20)
            return generate(**asked)

        monkeypatch.setattr(chat.model, "generate", slow)
        generator = TransformersGenerator("tiny", turns=Turns(1, 20), load=lambda _: chat)

        with pytest.raises(GenerationTimedOutError, match=r"no whole text within 0\.2 s"):
            list(generator.generate(ASKED, GenerationLimits(8, 0.2)))
        may_go_on.set()

    def test_writing_stops_when_time_is_up(self, generator: TransformersGenerator) -> None:
        asked = GenerationLimits(40, 0.001)

        with pytest.raises(GenerationTimedOutError):
            list(generator.generate(ASKED, asked))

    def test_a_text_that_nobody_takes_any_more_frees_the_model(self, chat: ChatModel) -> None:
        generator = TransformersGenerator("tiny", turns=Turns(1, 20), load=lambda _: chat)
        pieces = generator.generate(ASKED, GenerationLimits(40, 60))
        assert len(list(islice(pieces, 1))) == 1
        pieces.close()  # type: ignore[attr-defined]

        assert len(words(generator.generate(ASKED, FEW))) == 8

    def test_others_wait_so_long_and_no_longer(
        self, generator: TransformersGenerator, chat: ChatModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        has_begun, may_go_on = threading.Event(), threading.Event()
        generate = chat.model.generate

        def held_up(**asked: object) -> object:
            has_begun.set()
            may_go_on.wait(20)
            return generate(**asked)

        monkeypatch.setattr(chat.model, "generate", held_up)
        other = threading.Thread(target=lambda: words(generator.generate(ASKED, FEW)))
        other.start()
        has_begun.wait(20)

        with pytest.raises(GeneratorBusyError, match="POLYFAQ_GENERATOR_WAIT_SECONDS"):
            list(generator.generate(ASKED, FEW))

        may_go_on.set()
        other.join()

    def test_what_is_longer_than_the_model_reads_is_refused(
        self, generator: TransformersGenerator
    ) -> None:
        long = [Message(Author.USER, "w1 " * CONTEXT)]

        with pytest.raises(TooLongError, match=f"the model reads {CONTEXT}"):
            list(generator.generate(long, FEW))
        assert len(words(generator.generate(ASKED, FEW))) == 8

    def test_a_model_that_fails_is_told(
        self, generator: TransformersGenerator, chat: ChatModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(**_: object) -> object:
            raise RuntimeError("shape mismatch")

        with monkeypatch.context() as patched:
            patched.setattr(chat.model, "generate", fail)
            with pytest.raises(BrokenReplyError, match="shape mismatch"):
                list(generator.generate(ASKED, FEW))
        assert len(words(generator.generate(ASKED, FEW))) == 8

    def test_a_template_that_does_not_take_the_messages_is_told(
        self, generator: TransformersGenerator, chat: ChatModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refusing = "{{ raise_exception('System role not supported') }}"
        monkeypatch.setattr(chat.tokenizer, "chat_template", refusing)

        with pytest.raises(BrokenReplyError, match="System role not supported"):
            list(generator.generate(ASKED, FEW))


class TestLoading:
    pytestmark = needs_extra

    @pytest.mark.parametrize("name", ["/nowhere", "./model", "model", "a/b/c"])
    def test_a_folder_that_is_not_there_is_named(self, name: str) -> None:
        with pytest.raises(ModelMissingError, match=f"{name}: no such folder"):
            load_chat_model(name)

    def test_offline_a_repository_is_not_looked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from huggingface_hub import constants

        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)

        with pytest.raises(ModelMissingError, match="the hub does not give it"):
            load_chat_model("nobody/no-such-model")

    def test_a_folder_without_a_model_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ModelMissingError, match=r"there is no config\.json"):
            load_chat_model(str(tmp_path))

    @pytest.mark.parametrize("config", ["{", "[]", "\xff"])
    def test_a_configuration_that_cannot_be_read_is_named(
        self, tmp_path: Path, config: str
    ) -> None:
        (tmp_path / "config.json").write_text(config, encoding="latin-1")

        with pytest.raises(ModelDamagedError, match=r"config\.json"):
            load_chat_model(str(tmp_path))

    @pytest.mark.parametrize("kinds", [["BertModel"], ["XLMRobertaForMaskedLM"], [], None])
    def test_a_model_that_does_not_write_is_refused(
        self, tmp_path: Path, kinds: list[str] | None
    ) -> None:
        config = {"model_type": "bert", "architectures": kinds}
        (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")

        with pytest.raises(NotAChatModelError, match="does not write texts"):
            load_chat_model(str(tmp_path))

    def test_a_model_that_knows_no_conversations_is_refused(self, tmp_path: Path) -> None:
        save_chat_model(tmp_path, template=None)

        with pytest.raises(NotAChatModelError, match="no chat template"):
            load_chat_model(str(tmp_path))

    def test_weights_that_could_run_code_are_not_loaded(self, tmp_path: Path) -> None:
        save_chat_model(tmp_path)
        (tmp_path / "model.safetensors").rename(tmp_path / "pytorch_model.bin")

        with pytest.raises(ModelMissingError, match="no weights in safetensors files"):
            load_chat_model(str(tmp_path))

    def test_weights_that_are_cut_are_named(self, tmp_path: Path) -> None:
        weights = save_chat_model(tmp_path) / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-100])

        with pytest.raises(ModelDamagedError, match=r"model\.safetensors cannot be read"):
            load_chat_model(str(tmp_path))

    def test_a_tokenizer_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        save_chat_model(tmp_path)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            (tmp_path / name).unlink()

        with pytest.raises((ModelDamagedError, NotAChatModelError), match=str(tmp_path)):
            load_chat_model(str(tmp_path))

    def test_a_model_that_does_not_fit_is_not_loaded(self, folder: Path) -> None:
        with pytest.raises(ModelTooLargeError, match="choose a smaller model"):
            load_chat_model(str(folder), memory=lambda: 10_000)

    def test_where_nobody_knows_the_memory_it_is_tried(self, folder: Path) -> None:
        assert load_chat_model(str(folder), memory=lambda: None).most_tokens == CONTEXT


@pytest.fixture(scope="module")
def gguf_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gguf(tmp_path_factory.mktemp("gguf") / "small.gguf")


class TestGguf:
    pytestmark = needs_extra

    def install(self, home: Home, *arguments: str | Path) -> tuple[int, str]:
        ran = home.run("models", "install", *arguments)
        return ran.code, ran.out + ran.err

    def test_a_file_is_converted_once_and_writes(self, home: Home, gguf_file: Path) -> None:
        code, told = self.install(home, "--source", gguf_file)

        installed = home.folder / "var" / "models" / "small"
        assert (code, "small is installed in" in told) == (0, True), told
        assert {path.name for path in installed.parent.iterdir()} <= {"small", ".small.lock"}
        generator = TransformersGenerator(str(installed), turns=Turns(1, 1))
        assert words(generator.generate(ASKED, FEW))

    def test_an_installed_model_is_left_alone(self, home: Home, gguf_file: Path) -> None:
        self.install(home, "mine", "--source", gguf_file)
        mark = home.folder / "var" / "models" / "mine" / "mark"
        mark.touch()

        assert self.install(home, "mine", "--source", gguf_file)[0] == 0
        assert mark.exists()
        assert self.install(home, "mine", "--source", gguf_file, "--force")[0] == 0
        assert not mark.exists()

    def test_the_generator_says_how_to_convert_a_file(self, gguf_file: Path) -> None:
        with pytest.raises(ModelMissingError, match="polyfaq models install --source"):
            load_chat_model(str(gguf_file))

    @pytest.mark.parametrize(
        ("content", "message"),
        [(b"", "no GGUF file"), (b"GGUF\x03", "not whole")],
    )
    def test_what_is_no_such_file_is_told(
        self, home: Home, tmp_path: Path, content: bytes, message: str
    ) -> None:
        bad = tmp_path / "bad.gguf"
        bad.write_bytes(content)

        code, told = self.install(home, "--source", bad)

        assert code == 3
        assert message in told
        assert "Traceback" not in told

    def test_a_file_that_is_cut_is_told_and_leaves_nothing(
        self, home: Home, tmp_path: Path, gguf_file: Path
    ) -> None:
        cut = tmp_path / "cut.gguf"
        cut.write_bytes(gguf_file.read_bytes()[:-5000])

        code, told = self.install(home, "--source", cut)

        assert code == 3
        assert "cut.gguf" in told
        assert not list((home.folder / "var").rglob("cut*"))

    def test_a_file_of_a_model_that_knows_no_conversations_is_refused(
        self, home: Home, tmp_path: Path
    ) -> None:
        code, told = self.install(
            home, "--source", write_gguf(tmp_path / "base.gguf", template=None)
        )

        assert code == 3
        assert "no chat template" in told

    def test_a_file_that_does_not_fit_is_refused(self, gguf_file: Path, tmp_path: Path) -> None:
        from models.gguf_conversion import install_gguf

        with pytest.raises(ModelTooLargeError, match="llama-server"):
            install_gguf(gguf_file, tmp_path, "small", memory=lambda: 10_000)

    def test_a_name_of_the_catalogue_is_not_taken(self, home: Home, gguf_file: Path) -> None:
        assert self.install(home, "multilingual-e5-small", "--source", gguf_file)[0] == 2

    def test_a_name_that_is_a_path_is_refused(self, home: Home, gguf_file: Path) -> None:
        code, told = self.install(home, "../outside", "--source", gguf_file)

        assert code == 3
        assert "cannot be a model's name" in told


class TestTranslating:
    pytestmark = needs_extra

    def test_what_a_model_writes_at_random_is_refused(self, home: Home) -> None:
        save_chat_model(home.folder / "var" / "models" / "tiny", context=4096)
        home.write("en.yaml", "- {id: a, lang: en, question: Where is it?, answer: It is here.}\n")

        ran = home.run(
            "translate",
            "--to",
            "fr",
            "--json",
            POLYFAQ_TRANSLATOR="generator",
            POLYFAQ_GENERATOR="transformers",
            POLYFAQ_GENERATOR_MODEL="tiny",
            POLYFAQ_GENERATOR_TOKENS="16",
        )

        assert ran.code == 0, ran.err
        assert [each["reason"] for each in ran.json["refused"]] == ["empty", "empty"]
        assert not (home.content / "fr.yaml").exists()

    def test_a_model_that_cannot_be_loaded_ends_the_run(self, home: Home) -> None:
        home.write("en.yaml", "- {id: a, lang: en, question: Where is it?, answer: It is here.}\n")

        ran = home.run(
            "translate",
            "--to",
            "fr",
            POLYFAQ_TRANSLATOR="generator",
            POLYFAQ_GENERATOR="transformers",
            POLYFAQ_GENERATOR_MODEL="./nowhere",
        )

        assert ran.code == 3
        assert "./nowhere: no such folder; correct POLYFAQ_GENERATOR_MODEL" in ran.err
