// The words of the page itself, in the language that the visitor reads it in.

const CHOSEN = "polyfaq.language";
const LAST_SEEN = "polyfaq.texts";

// Shown until the service has told the texts of a language.
const ENGLISH = {
  title: "How can we help you?",
  lead: "Ask in your own words, in your own language.",
  question: "Your question",
  question_placeholder: "Type your question here",
  ask: "Ask",
  answer: "Answer",
  page_language: "Page language",
  answer_language: "Answer language",
  automatic_language: "Automatic",
  example_questions: "Questions others ask",
  conversation: "Conversation",
  new_conversation: "New conversation",
  loading: "Looking for an answer…",
  sources: "Sources",
  related_questions: "Related questions",
  confidence: "Confidence",
  confidence_high: "Very sure",
  confidence_enough: "Sure enough",
  confidence_low: "Not sure enough",
  confidence_needed: "needed to answer: {threshold}",
  ai_generated: "Written by a machine",
  was_this_helpful: "Was this helpful?",
  yes: "Yes",
  no: "No",
  thanks: "Thank you for your feedback.",
  what_was_missing: "What was missing? (optional)",
  send: "Send",
  cancel: "Cancel",
  talk_to_person: "Talk to a person",
  handoff_intro: "Write down what you need, and a member of our team will take care of it.",
  contact: "Your e-mail address or phone number (optional)",
  contact_kept: "Thank you. We will get in touch with you there.",
  ticket_number: "Your ticket number: {ticket}",
  not_ready: "The assistant is still starting. Please try again in a moment.",
  error_empty_question: "Please type a question first.",
  error_offline: "You seem to be offline. Please check your connection and try again.",
  error_too_long: "Your question is too long. Maximum number of characters: {limit}.",
  error_too_many_requests:
    "Too many questions in a short time. Please wait a moment and try again.",
  error_try_later: "Something went wrong. Please try again later.",
  try_again: "Try again",
  disclosure: "You are talking to an automated assistant.",
};


let language = "en";
let texts = ENGLISH;
let wanted = language;

export function currentLanguage() {
  return language;
}

// The language chosen here before, else the first of the browser's that the page is written in.
export function preferredLanguage(offered) {
  const wanted = [recall(CHOSEN), ...navigator.languages];
  for (const tag of wanted) {
    const base = tag?.toLowerCase().split("-")[0];
    if (offered.includes(base)) return base;
  }
  return "en";
}

export function chooseLanguage(tag) {
  keep(CHOSEN, tag);
}

// Texts seen on the last visit are shown at once; fresh ones replace them when they arrive.
export async function load(tag, fetchTexts, onChange) {
  wanted = tag;
  const seen = recall(LAST_SEEN, JSON.parse);
  if (seen?.asked === tag) use(seen, onChange);
  const fresh = await fetchTexts(tag);
  if (wanted !== tag) return; // another language was chosen meanwhile
  keep(LAST_SEEN, JSON.stringify({ ...fresh, asked: tag }));
  use(fresh, onChange);
}

function use(told, onChange) {
  language = told.language;
  texts = { ...ENGLISH, ...told.texts };
  document.documentElement.lang = told.language;
  document.documentElement.dir = told.direction;
  retell(document);
  onChange();
}

export function text(id, values = {}) {
  return texts[id].replaceAll(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (typeof value === "number") return new Intl.NumberFormat(language).format(value);
    return (typeof value === "function" ? value() : value) ?? whole;
  });
}

// Shows a text, and shows it again whenever the page's language changes.
export function say(element, id, values = {}) {
  tell(element, () => text(id, values));
}

// The same for whatever is written differently in another language; words may be nodes, too.
export function tell(element, words) {
  element.dataset.text = "";
  element.words = words;
  element.replaceChildren(...[words()].flat());
}

export function hush(element) {
  delete element.dataset.text;
  element.textContent = "";
}

export function retell(root) {
  for (const element of root.querySelectorAll("[data-text]")) {
    if (element.words) tell(element, element.words);
    else element.textContent = text(element.dataset.text);
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label));
  }
  for (const element of root.querySelectorAll("[data-placeholder]")) {
    element.placeholder = text(element.dataset.placeholder);
  }
  if (root === document) document.title = text("title");
}

// A copy of a template, in the page's language.
export function stamp(id) {
  const copy = document.getElementById(id).content.cloneNode(true);
  retell(copy);
  return copy;
}

// Rounded down: nothing that is a little unsure is shown as 100 %.
export function percent(share) {
  const format = { style: "percent", roundingMode: "floor" };
  return new Intl.NumberFormat(language, format).format(share);
}

export function nameOfLanguage(tag) {
  try {
    const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag);
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
  } catch {
    return tag;
  }
}

function recall(key, read = String) {
  try {
    const kept = localStorage.getItem(key);
    return kept === null ? null : read(kept);
  } catch {
    return null; // storage may be forbidden; the page then forgets, and works
  }
}

function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // the same
  }
}
