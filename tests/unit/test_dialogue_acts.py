"""What is a wish for a person or small talk, in each language, and above all what is neither."""

import tomllib
from importlib.resources import files

import pytest

from app.answering.act_grammar import ABOUT, FILLER, KEYWORD, WISH, DialogueAct
from app.answering.dialogue_acts import DialogueActs, dialogue_acts
from app.answering.phrase_patterns import Pattern, fold, read_pattern
from app.notices.catalogue import available_languages
from app.settings import Settings
from knowledge_base.files import read_content
from knowledge_base.golden import read_golden

SOURCES = tomllib.loads(
    files("app.answering").joinpath("dialogue_acts.toml").read_text(encoding="utf-8")
)
LANGUAGES = sorted(available_languages())
WISHES = {
    "ar": ("أريد التحدث مع موظف", "أريد أن أتكلم مع شخص حقيقي من فضلك"),
    "bn": ("আমি একজন মানুষের সাথে কথা বলতে চাই", "আমাকে কল করুন"),
    "de": ("Ich möchte mit einem Menschen sprechen", "Kann ich bitte mit jemandem sprechen?"),
    "el": ("Θέλω να μιλήσω με έναν άνθρωπο", "Καλέστε με"),
    "en": ("I want to talk to a person", "Can someone call me back please?"),
    "es": ("Quiero hablar con una persona", "¿Me pueden llamar?"),
    "fa": ("می‌خواهم با یک انسان صحبت کنم", "لطفا با من تماس بگیرید"),
    "fr": ("Je voudrais parler à un conseiller", "Rappelez-moi s'il vous plaît"),
    "he": ("אני רוצה לדבר עם נציג", "תתקשרו אליי בבקשה"),
    "hi": ("मुझे किसी इंसान से बात करनी है", "कृपया मुझे कॉल करें"),
    "id": ("Saya mau bicara dengan manusia", "Tolong hubungi saya"),
    "it": ("Vorrei parlare con un operatore", "Può chiamarmi qualcuno?"),
    "ja": ("人と話したいです", "オペレーターにつないでください"),
    "ko": ("상담원과 통화하고 싶어요", "상담원 연결해 주세요"),
    "nl": ("Ik wil met een medewerker spreken", "Kunt u mij terugbellen?"),
    "pl": ("Chcę porozmawiać z człowiekiem", "Proszę do mnie zadzwonić"),
    "pt": ("Quero falar com um atendente", "Podem me ligar?"),
    "ru": ("Хочу поговорить с человеком", "Соедините меня с оператором"),
    "sv": ("Jag vill prata med en människa", "Kan någon ringa mig?"),
    "th": ("ขอคุยกับเจ้าหน้าที่ครับ", "ช่วยโทรกลับหาฉันด้วยค่ะ"),
    "tr": ("Gerçek bir insanla konuşmak istiyorum", "Lütfen beni arayın"),
    "uk": ("Хочу поговорити з людиною", "З'єднайте мене з оператором"),
    "vi": ("Tôi muốn nói chuyện với nhân viên", "Gọi lại cho tôi nhé"),
    "zh": ("我想和真人说话", "请转人工客服"),
}
SMALL_TALK = {
    "ar": ("مرحبا", "شكرا جزيلا", "مع السلامة", "هل أنت روبوت؟", "كيف حالك؟"),
    "bn": ("হ্যালো", "অনেক ধন্যবাদ", "বিদায়", "আপনি কি রোবট?", "কেমন আছেন?"),
    "de": ("Guten Morgen!", "Vielen Dank!", "Tschüss", "Bist du ein Roboter?", "Wie geht's?"),
    "el": ("Γεια σας", "Ευχαριστώ πολύ", "Αντίο", "Είσαι ρομπότ;", "Τι κάνεις;"),
    "en": ("Hello there", "Thanks a lot!", "Goodbye", "Are you a robot?", "How are you?"),
    "es": ("¡Hola!", "Muchas gracias", "Hasta luego", "¿Eres un robot?", "¿Cómo estás?"),
    "fa": ("سلام", "خیلی ممنون", "خداحافظ", "شما ربات هستید؟", "حالت چطوره؟"),
    "fr": ("Bonjour", "Merci beaucoup", "Au revoir", "Êtes-vous un robot ?", "Ça va ?"),
    "he": ("שלום", "תודה רבה", "להתראות", "אתה רובוט?", "מה שלומך?"),
    "hi": ("नमस्ते", "बहुत धन्यवाद", "अलविदा", "क्या आप रोबोट हैं?", "आप कैसे हैं?"),
    "id": ("Halo", "Terima kasih banyak", "Sampai jumpa", "Apakah kamu robot?", "Apa kabar?"),
    "it": ("Buongiorno", "Grazie mille", "Arrivederci", "Sei un robot?", "Come stai?"),
    "ja": (
        "こんにちは",
        "ありがとうございます",
        "さようなら",
        "あなたはロボットですか？",
        "お元気ですか？",
    ),
    "ko": ("안녕하세요", "감사합니다", "안녕히 계세요", "당신은 로봇인가요?", "잘 지내요?"),
    "nl": ("Goedemorgen", "Dank u wel", "Tot ziens", "Ben je een robot?", "Hoe gaat het?"),
    "pl": ("Dzień dobry", "Dziękuję bardzo", "Do widzenia", "Jesteś robotem?", "Jak się masz?"),
    "pt": ("Olá", "Muito obrigado", "Até logo", "Você é um robô?", "Tudo bem?"),
    "ru": ("Здравствуйте", "Большое спасибо", "До свидания", "Ты робот?", "Как дела?"),
    "sv": ("Hej hej", "Tack så mycket", "Hej då", "Är du en robot?", "Hur mår du?"),
    "th": ("สวัสดีครับ", "ขอบคุณมากค่ะ", "ลาก่อน", "คุณเป็นหุ่นยนต์หรือเปล่า", "สบายดีไหม"),
    "tr": ("Merhaba", "Çok teşekkürler", "Hoşça kal", "Sen bir robot musun?", "Nasılsın?"),
    "uk": ("Добрий день", "Дуже дякую", "До побачення", "Ти робот?", "Як справи?"),
    "vi": ("Xin chào", "Cảm ơn bạn nhiều", "Tạm biệt", "Bạn là robot à?", "Bạn khỏe không?"),
    "zh": ("你好", "谢谢", "再见", "你是机器人吗？", "你最近怎么样？"),
}
ACTS = (
    DialogueAct.GREETING,
    DialogueAct.THANKS,
    DialogueAct.GOODBYE,
    DialogueAct.IDENTITY,
    DialogueAct.HOW_ARE_YOU,
)


def act_of(text: str, language: str = "en") -> DialogueAct | None:
    found = dialogue_acts().recognise(text, language)
    return None if found is None else found.act


def test_every_language_of_the_notices_has_patterns() -> None:
    assert sorted(SOURCES) == LANGUAGES == sorted(WISHES) == sorted(SMALL_TALK)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_all_acts_and_no_pattern_matches_without_a_word(language: str) -> None:
    named: dict[str, Pattern] = {}
    for name, source in SOURCES[language].items():
        named[name] = read_pattern(fold(source), named)
    spoken = {WISH, KEYWORD, ABOUT, FILLER, *DialogueAct} - {DialogueAct.WISH_FOR_PERSON}
    assert spoken <= set(named)
    assert [name for name in spoken if named[name].ends(1, {})] == []


@pytest.mark.parametrize(
    ("language", "text"), [(tag, text) for tag, texts in WISHES.items() for text in texts]
)
def test_a_wish_for_a_person_is_heard_in_every_language(language: str, text: str) -> None:
    assert act_of(text, language) is DialogueAct.WISH_FOR_PERSON


@pytest.mark.parametrize(
    ("language", "text", "act"),
    [
        (tag, text, act)
        for tag, texts in SMALL_TALK.items()
        for text, act in zip(texts, ACTS, strict=True)
    ],
)
def test_small_talk_is_heard_in_every_language(language: str, text: str, act: DialogueAct) -> None:
    assert act_of(text, language) is act


@pytest.mark.parametrize(
    "text",
    [
        "agent please",
        "human",
        "HUMAN!!!",
        "call me",
        "Call me at [phone]",
        "hi, I want to talk to a person",
        "this bot is useless, give me someone real",
        "My parcel never arrived. I want to speak to a human being.",
        "I'd like to speak with someone about my refund for the blue chair",
        "Could you connect me to customer service?",
        "I don't want to talk to a robot",
        "is there a real person I can talk to?",
    ],
)
def test_a_wish_may_have_company_a_topic_or_a_complaint(text: str) -> None:
    assert act_of(text) is DialogueAct.WISH_FOR_PERSON


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "hi, where is my parcel?"),
        ("en", "thanks, but how do I cancel?"),
        ("en", "Hello there, do you ship to Norway"),
        ("en", "I want a person to pick up my parcel"),
        ("en", "can someone else collect my order"),
        ("en", "call centre opening hours"),
        ("en", "call me maybe poster"),
        ("en", "Who can call me about the delivery?"),
        ("en", "what is an agent"),
        ("en", "delivery to a neighbour, person, parcel shop"),
        ("en", "do you know my order status"),
        ("en", "are you open today"),
        ("en", "how do I say thank you with a gift card"),
        ("en", "good morning delivery"),
        ("de", "Hallo, wo ist mein Paket?"),
        ("de", "Danke, und wie storniere ich?"),
        ("de", "Kann eine andere Person mein Paket abholen?"),
        ("fr", "Bonjour, où est ma commande ?"),
        ("fr", "Une autre personne peut-elle retirer mon colis ?"),
        ("es", "Hola, ¿cuánto cuesta el envío?"),
        ("fr", "Je veux une personne pour récupérer mon colis"),
        ("it", "Voglio una persona di fiducia per ritirare il pacco"),
        ("el", "Θέλω έναν άνθρωπο για να παραλάβει το δέμα μου"),
        ("sv", "Jag behöver en person för att hämta mitt paket"),
        ("ru", "Мне нужен специалист по ремонту"),
        ("es", "Necesito una persona para recoger mi paquete"),
        ("de", "Ich brauche eine Person zum Abholen"),
        ("pt", "Quero uma pessoa para buscar minha encomenda"),
        ("ru", "Здравствуйте, где мой заказ?"),
        ("ar", "مرحبا، أين طلبي؟"),
        ("zh", "你好，我的订单在哪里？"),
        ("ja", "こんにちは、注文はどこですか？"),
        ("ko", "안녕하세요, 제 주문은 어디에 있나요?"),
        ("th", "สวัสดีครับ พัสดุของฉันอยู่ที่ไหน"),
        ("hi", "नमस्ते, मेरा ऑर्डर कहाँ है?"),
    ],
)
def test_a_question_is_a_question_whatever_stands_beside_it(language: str, text: str) -> None:
    assert act_of(text, language) is None


@pytest.mark.parametrize("text", ["", "   ", "???", "12345", "[email]", "please", "👍"])
def test_what_says_nothing_does_nothing(text: str) -> None:
    assert act_of(text) is None


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Hi, how are you?", DialogueAct.HOW_ARE_YOU),
        ("Thanks, bye!", DialogueAct.GOODBYE),
        ("Hello, who are you?", DialogueAct.IDENTITY),
        ("OK, thanks", DialogueAct.THANKS),
        ("OK", DialogueAct.ACKNOWLEDGEMENT),
        ("I have a question", DialogueAct.GREETING),
        ("Thank you. I would like to talk to an agent", DialogueAct.WISH_FOR_PERSON),
    ],
)
def test_of_several_acts_the_one_that_asks_for_most_counts(text: str, act: DialogueAct) -> None:
    assert act_of(text) is act


def test_all_languages_are_tried_where_the_own_does_not_know_the_words() -> None:
    heard = dialogue_acts().recognise("Jag vill prata med en människa", "de")
    assert heard is not None
    assert heard.languages == ("sv",)


def test_the_own_language_suffices_where_it_knows_the_words() -> None:
    heard = dialogue_acts().recognise("Hallo", "nl-BE")
    assert heard is not None
    assert heard.languages == ("nl",)


def test_words_that_mean_several_things_are_taken_in_the_own_language_first() -> None:
    assert act_of("Ciao", "de") is DialogueAct.GOODBYE
    assert act_of("Ciao", "it") is DialogueAct.GREETING
    assert act_of("Ciao", "und") is DialogueAct.GREETING


def test_words_that_most_languages_share_name_them_all() -> None:
    heard = dialogue_acts().recognise("OK", "pl")
    assert heard is not None
    assert heard.languages[0] == "pl"
    assert set(heard.languages) == set(LANGUAGES)


def test_a_greeting_of_several_languages_names_them() -> None:
    heard = dialogue_acts().recognise("Hallo", "und")
    assert heard is not None
    assert {"de", "nl"} <= set(heard.languages)


def test_a_long_text_is_no_small_talk_and_takes_no_time_to_see() -> None:
    assert act_of("hello " * 166) is None
    assert act_of("thanks, " * 125) is None


def test_no_question_of_the_sample_content_is_taken_for_an_act() -> None:
    settings = Settings.load()
    golden, _ = read_golden(settings.golden_file)
    asked = [(question.question, question.lang) for question in golden]
    for record in read_content((settings.content,)).records:
        asked += [(text, record.lang) for text in (record.question, *record.alternates)]
    assert len(asked) > 1000
    assert [text for text, language in asked if act_of(text, language) is not None] == []


def test_patterns_of_ones_own_are_enough() -> None:
    acts = DialogueActs({"eo": {"greeting": "saluton [amiko]"}})
    heard = acts.recognise("Saluton, amiko!", "und")
    assert heard is not None
    assert (heard.act, heard.languages) == (DialogueAct.GREETING, ("eo",))
    assert acts.recognise("Saluton, kie estas mia pakaĵo?", "eo") is None
