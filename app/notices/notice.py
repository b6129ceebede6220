"""What the service says in its own words."""

from enum import StrEnum


class Notice(StrEnum):
    """Every text of the service's own: the English one, which is the key of its translations.

    Names in braces are placeholders; `Notices.text` puts their values in.
    """

    DISCLOSURE = "You are talking to an automated assistant."
    ORIGINAL_LANGUAGE = (
        "We do not have this answer in {language} yet. Here is the original in {original}."
    )
    TRANSLATED = "This answer was translated by a machine from {original}."
    GENERATED = "This answer was written by a machine from the entries named below it."
    PARTIAL = (
        "This answer could not be checked to its end and stops here; the entry below has all of it."
    )
    HANDOFF_LOW_CONFIDENCE = (
        "I am not sure enough to answer this. Your question has been passed on to a member of "
        "our team."
    )
    HANDOFF_NOTHING_SIMILAR = (
        "I found nothing that answers this. Your question has been passed on to a member of our"
        " team."
    )
    HANDOFF_REQUESTED = "Of course. Your question has been passed on to a member of our team."
    HANDOFF_UNDETERMINED_LANGUAGE = (
        "I could not tell which language this is. Your question has been passed on to a member "
        "of our team."
    )
    HANDOFF_UNAVAILABLE = (
        "I cannot answer this, and your question could not be passed on just now. Please try "
        "again later or contact us directly."
    )
    SMALL_TALK_GREETING = "Hello! What would you like to know?"
    SMALL_TALK_HOW_ARE_YOU = (
        "Thank you for asking! I am an automated assistant, so I am always well. What would you "
        "like to know?"
    )
    SMALL_TALK_IDENTITY = (
        "I am an automated assistant, not a person. I answer questions with texts that our team "
        "has approved, and pass on to our team what I cannot answer."
    )
    SMALL_TALK_THANKS = "You are welcome! Is there anything else you would like to know?"
    SMALL_TALK_GOODBYE = "Goodbye! Come back whenever you have a question."
    SMALL_TALK_ACKNOWLEDGEMENT = "All right. If you have another question, just ask."
    CLARIFY = "Which of these do you mean?"
    NOT_READY = "The assistant is still starting. Please try again in a moment."
    TITLE = "How can we help you?"
    QUESTION = "Your question"
    QUESTION_PLACEHOLDER = "Type your question here"
    ASK = "Ask"
    ANSWER = "Answer"
    ANSWER_LANGUAGE = "Answer language"
    AUTOMATIC_LANGUAGE = "Automatic"
    SOURCES = "Sources"
    CONFIDENCE = "Confidence"
    RELATED_QUESTIONS = "Related questions"
    WAS_THIS_HELPFUL = "Was this helpful?"
    YES = "Yes"
    NO = "No"
    THANKS = "Thank you for your feedback."
    TALK_TO_PERSON = "Talk to a person"
    CONTACT = "Your e-mail address or phone number (optional)"
    SEND = "Send"
    CANCEL = "Cancel"
    TICKET_NUMBER = "Your ticket number: {ticket}"
    LOADING = "Looking for an answer…"
    ERROR_OFFLINE = "You seem to be offline. Please check your connection and try again."
    ERROR_TOO_LONG = "Your question is too long. Maximum number of characters: {limit}."
    ERROR_TRY_LATER = "Something went wrong. Please try again later."
    ERROR_TOO_MANY_REQUESTS = (
        "Too many questions in a short time. Please wait a moment and try again."
    )
    ERROR_EMPTY_QUESTION = "Please type a question first."
    LEAD = "Ask in your own words, in your own language."
    PAGE_LANGUAGE = "Page language"
    EXAMPLE_QUESTIONS = "Questions others ask"
    CONVERSATION = "Conversation"
    NEW_CONVERSATION = "New conversation"
    CONFIDENCE_HIGH = "Very sure"
    CONFIDENCE_ENOUGH = "Sure enough"
    CONFIDENCE_LOW = "Not sure enough"
    CONFIDENCE_NEEDED = "needed to answer: {threshold}"
    AI_GENERATED = "Written by a machine"
    WHAT_WAS_MISSING = "What was missing? (optional)"
    HANDOFF_INTRO = "Write down what you need, and a member of our team will take care of it."
    CONTACT_KEPT = "Thank you. We will get in touch with you there."
    TRY_AGAIN = "Try again"
