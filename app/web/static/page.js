// The page: a question goes out, an answer comes back, and the conversation stays in view.

import { choice } from "./answer.js";
import { offerPerson } from "./person.js";
import * as service from "./service.js";
import * as texts from "./texts.js";

const CONVERSATION = "polyfaq.conversation";
const MOST_TURNS_KEPT = 30;
const MOST_EXAMPLES = 5;
const MOST_ENTRIES = 40;

const find = (id) => document.getElementById(id);
const thread = find("thread");
const form = find("ask");
const field = find("question");
const examples = find("examples");

let conversation = remembered();
let isWaiting = false;

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(CONVERSATION)) ?? { id: undefined, turns: [] };
  } catch {
    return { id: undefined, turns: [] };
  }
}

function remember() {
  conversation.turns = conversation.turns.slice(-MOST_TURNS_KEPT);
  try {
    sessionStorage.setItem(CONVERSATION, JSON.stringify(conversation));
  } catch {
    // without storage the conversation lasts as long as the page
  }
}

// -- asking

async function ask(question, language) {
  if (isWaiting) return;
  const turn = beginTurn(question);
  const request = {
    question,
    language: find("answer-language").value || language,
    page_language: texts.currentLanguage(),
    conversation_id: conversation.id,
  };
  await answerInto(turn, request, service.newKey());
}

async function answerInto(turn, request, key) {
  isWaiting = true;
  turn.ariaBusy = "true";
  turn.append(texts.stamp("waiting-template"));
  const waiting = turn.lastElementChild;
  texts.say(find("status"), "loading");
  try {
    const coming = turn.insertBefore(document.createElement("faq-coming"), waiting);
    const answer = await service.ask(request, key, coming);
    conversation.id = answer.conversation_id;
    coming.remove();
    addAnswer(turn, { question: request.question, answer, stops: coming.stopsAt(answer) });
  } catch (error) {
    fail(turn, error, () => answerInto(turn, request, key));
    if (!(error instanceof service.Failure)) throw error;
  } finally {
    isWaiting = false;
    turn.ariaBusy = "false";
    turn.querySelector("faq-coming")?.remove();
    waiting.remove();
    texts.hush(find("status"));
  }
}

function addAnswer(turn, told) {
  const ticket = told.answer.handoff?.ticket_id;
  const isSame = (other) => other.contacted && other.answer.handoff?.ticket_id === ticket;
  told.contacted ||= conversation.turns.some(isSame);
  conversation.turns.push(told);
  remember();
  showAnswer(turn, told);
  turn.scrollIntoView({ block: "start" });
}

function showAnswer(turn, told) {
  const { query_language: spoken } = told.answer;
  if (spoken && spoken.tag !== "und") turn.querySelector(".words").lang = spoken.tag;
  turn.appendChild(document.createElement("faq-answer")).show(told);
}

function fail(turn, error, again) {
  const failure = error instanceof service.Failure ? error : new service.Failure("error_try_later");
  const shown = turn.appendChild(document.createElement("div"));
  shown.append(texts.stamp("failure-template"));
  texts.say(shown.querySelector("p"), failure.text, failure.values);
  shown.querySelector("button").addEventListener("click", () => {
    if (isWaiting) return;
    turn.querySelector(".question").focus();
    shown.remove();
    again();
  });
  turn.scrollIntoView({ block: "start" });
}

function beginTurn(question) {
  document.body.classList.add("talking");
  find("start-over").hidden = false;
  examples.hidden = true;
  thread.append(texts.stamp("turn-template"));
  const turn = thread.lastElementChild;
  turn.querySelector(".words").textContent = question;
  turn.scrollIntoView({ block: "start" });
  return turn;
}

// -- the form

// What is typed decides its own direction; an empty field has that of the page.
function follow(typed) {
  typed.dir = typed.value ? "auto" : "";
}
document.addEventListener("input", ({ target }) => {
  if (target.matches("textarea, input")) follow(target);
});

function complain(id, values) {
  const place = find("question-error");
  field.ariaInvalid = String(Boolean(id));
  if (id) texts.say(place, id, values);
  else texts.hush(place);
}

function count() {
  follow(field);
  if (!CSS.supports("field-sizing", "content")) {
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight}px`;
  }
  const length = [...field.value.trim()].length;
  const shown = find("count");
  shown.hidden = length < service.MOST_CHARACTERS * 0.8;
  const format = new Intl.NumberFormat(texts.currentLanguage());
  shown.textContent = `${format.format(length)} / ${format.format(service.MOST_CHARACTERS)}`;
  return length;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (isWaiting) return;
  const length = count();
  if (length === 0) complain("error_empty_question");
  else if (length > service.MOST_CHARACTERS) {
    complain("error_too_long", { limit: service.MOST_CHARACTERS });
  } else {
    complain(null);
    ask(field.value.trim());
    field.value = "";
    count();
  }
  field.focus();
});

field.addEventListener("input", () => {
  count();
  if (field.ariaInvalid === "true") complain(null);
});

field.addEventListener("keydown", (event) => {
  // While an input method composes, Enter picks a word and must not send.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

document.addEventListener("faq-ask", (event) => {
  if (isWaiting) return;
  ask(event.detail.question, event.detail.language);
  thread.lastElementChild.querySelector(".question").focus({ preventScroll: true });
});

document.addEventListener("faq-noted", remember);

find("start-over").addEventListener("click", () => {
  if (isWaiting) return;
  conversation = { id: undefined, turns: [] };
  remember();
  thread.replaceChildren();
  document.body.classList.remove("talking");
  find("start-over").hidden = true;
  suggest(texts.currentLanguage());
  field.focus();
});

// -- a person

offerPerson(
  field,
  () => conversation.id,
  ({ question, contacted, answer }) => {
    if (field.value.trim() === question) field.value = "";
    conversation.id = answer.conversation_id;
    const turn = beginTurn(question);
    addAnswer(turn, { question, answer, contacted });
    turn.querySelector(".question").focus({ preventScroll: true });
  },
);

// -- languages and examples

async function speak(language) {
  find("interface-language").value = language;
  const told = texts.load(language, service.interfaceTexts, count);
  await Promise.allSettled([told, suggest(language)]);
}

async function suggest(language) {
  if (thread.childElementCount > 0) return;
  const { results } = await service.search(texts.text("title"), language, MOST_ENTRIES);
  const byTopic = new Map();
  for (const hit of results) {
    const topic = hit.entry_id.split("/")[0];
    if (hit.language.split("-")[0] === language && !byTopic.has(topic)) byTopic.set(topic, hit);
  }
  const chosen = [...byTopic.values()].slice(0, MOST_EXAMPLES);
  examples.querySelector(".choices").replaceChildren(...chosen.map((hit) => choice(hit, language)));
  examples.hidden = chosen.length === 0 || thread.childElementCount > 0;
}

async function offerAnswerLanguages() {
  const { languages } = await service.languages();
  for (const { tag, name, direction } of languages) {
    const option = new Option(name, tag);
    option.lang = tag;
    option.dir = direction;
    find("answer-language").append(option);
  }
}

find("interface-language").addEventListener("change", (event) => {
  texts.chooseLanguage(event.target.value);
  speak(event.target.value);
});

const offered = Array.from(find("interface-language").options, (option) => option.value);
for (const told of conversation.turns) showAnswer(beginTurn(told.question), told);
await Promise.allSettled([speak(texts.preferredLanguage(offered)), offerAnswerLanguages()]);
