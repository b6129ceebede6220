// One answer of the service: what it says, where from, how sure it is, and what one can do next.

import { Failure, newKey, openTicket, rate } from "./service.js";
import { currentLanguage, hush, nameOfLanguage, percent, say, stamp, tell, text } from "./texts.js";

class FaqAnswer extends HTMLElement {
  #turn;

  // turn: {question, answer, stops?, rating?, contacted?}; what the visitor does is noted in it.
  show(turn) {
    this.#turn = turn;
    this.replaceChildren(stamp("answer-template"));
    this.#words(turn.answer);
    this.#choices(turn.answer);
    this.#ticket(turn);
    this.#evidence(turn.answer);
    this.#feedback(turn);
  }

  #words({ answer, disclosure }) {
    introduce(this, { answer, disclosure });
    const words = part(this, ".text", "", answer);
    words.innerHTML = answer.html; // made by the service, which lets no HTML of an entry through
    for (const table of words.querySelectorAll("table")) table.tabIndex = 0;
    if (this.#turn.stops) words.after(this.querySelector(".notice"));
  }

  #choices({ outcome, reason, alternatives, query_language: spoken }) {
    if (alternatives.length === 0) return;
    const related = this.querySelector(".related");
    related.hidden = outcome === "clarify";
    related.open = outcome === "handoff" && reason !== "nothing_similar";
    const list = this.querySelector(related.hidden ? ":scope > .choices" : ".related .choices");
    list.hidden = false;
    const language = spoken.tag === "und" ? undefined : spoken.tag;
    list.append(...alternatives.map((other) => choice(other, language)));
  }

  #ticket(turn) {
    const { handoff, answer } = turn.answer;
    if (!handoff) return;
    const box = this.querySelector(".ticket");
    box.hidden = false;
    tell(box.querySelector(".number"), () => numbered(handoff.ticket_id));
    if (handoff.message !== answer.text) {
      part(this, ".ticket .message", handoff.message, answer.notice ?? answer).hidden = false;
    }
    const form = box.querySelector(".contact");
    if (turn.contacted) return this.#contacted(form);
    let key = newKey();
    form.addEventListener("input", () => (key = newKey()));
    onSubmit(form, async () => {
      const contact = form.elements.contact.value.trim();
      if (!contact) return form.elements.contact.focus();
      await openTicket(
        {
          conversation_id: turn.answer.conversation_id,
          answer_id: turn.answer.answer_id,
          page_language: currentLanguage(),
          contact,
        },
        key,
      );
      this.#note({ contacted: true });
      this.#contacted(form);
    });
  }

  #contacted(form) {
    const thanks = document.createElement("p");
    thanks.setAttribute("role", "status");
    thanks.tabIndex = -1;
    const hadFocus = form.contains(document.activeElement);
    form.replaceWith(thanks);
    say(thanks, "contact_kept");
    if (hadFocus) thanks.focus();
  }

  #evidence({ citations, confidence, outcome, reason }) {
    const source = this.querySelector(".source");
    source.hidden = citations.length === 0;
    source.querySelector("dd").append(...citations.map(citation));
    const row = this.querySelector(".confidence");
    // Where it decided nothing, it would only be taken for a doubt about what was wished for.
    if (!confidence || outcome === "small_talk" || reason === "requested") return;
    const { value, threshold } = confidence;
    row.hidden = false;
    row.classList.toggle("low", value < threshold);
    row.style.setProperty("--value", value);
    row.style.setProperty("--threshold", threshold);
    const degree = row.querySelector(".degree");
    say(degree.appendChild(document.createElement("span")), degreeOf(value, threshold));
    const figure = degree.appendChild(document.createElement("bdi"));
    tell(figure, () => percent(value));
    say(row.querySelector(".needed"), "confidence_needed", { threshold: () => percent(threshold) });
  }

  #feedback(turn) {
    const box = this.querySelector(".feedback");
    if (turn.answer.outcome !== "answered") return;
    box.hidden = false;
    const buttons = [...box.querySelectorAll("button[value]")];
    const thanks = box.querySelector(".thanks");
    const form = box.querySelector(".comment");
    const press = (rating) => {
      for (const button of buttons) button.ariaPressed = String(button.value === rating);
    };
    if (turn.rating) press(turn.rating);
    for (const button of buttons) {
      button.addEventListener("click", async () => {
        press(button.value);
        form.hidden = button.value !== "down";
        await attempt(thanks, async () => {
          await rate(turn.answer.answer_id, button.value);
          this.#note({ rating: button.value });
          say(thanks, "thanks");
        });
      });
    }
    onSubmit(form, async () => {
      const comment = form.elements.comment.value.trim();
      if (!comment) return form.elements.comment.focus();
      await attempt(thanks, async () => {
        await rate(turn.answer.answer_id, "down", comment);
        say(thanks, "thanks");
        form.hidden = true;
        buttons[1].focus();
      });
    });
  }

  #note(what) {
    Object.assign(this.#turn, what);
    this.dispatchEvent(new CustomEvent("faq-noted", { bubbles: true }));
  }
}

// An answer of which more is to come; it has a method for each event. It is inert: what is read
// out, and can be used, is the whole one that takes its place.
class FaqComing extends HTMLElement {
  #known;

  connectedCallback() {
    this.inert = true;
  }

  meta(known) {
    this.#known = known;
    this.replaceChildren(stamp("coming-template"));
    this.parentElement.classList.add("told");
    introduce(this, known);
    part(this, ".text", "", known.answer);
  }

  delta({ html }) {
    this.querySelector(".text").innerHTML = html; // of all so far; the service made it, as above
  }

  citation(cited) {
    this.querySelector(".source").hidden = false;
    this.querySelector(".source dd").append(citation(cited));
  }

  // Whether a text that had begun ends before its end, which its notice then says.
  stopsAt({ answer_id, answer }) {
    const begun = this.#known;
    return begun?.answer_id === answer_id && begun.answer.notice?.text !== answer.notice?.text;
  }
}

// Says who speaks, in which language, and what is to be said above the text.
function introduce(root, { answer, disclosure }) {
  const speaker = part(root, ".speaker", disclosure, answer.notice ?? answer);
  speaker.hidden = !disclosure || disclosure === text("disclosure"); // the page says it already
  const language = part(root, ".language", nameOfLanguage(answer.language), answer);
  language.hidden = answer.language === currentLanguage();
  root.querySelector(".machine").hidden = !answer.ai_generated;
  if (answer.notice) part(root, ".notice", answer.notice.text, answer.notice).hidden = false;
}

function part(root, selector, words, { language, direction }) {
  const element = root.querySelector(selector);
  element.textContent = words;
  element.lang = language;
  element.dir = direction;
  return element;
}

// A question that asks itself when pressed.
export function choice({ question, language: written }, language) {
  const item = document.createElement("li");
  const button = item.appendChild(document.createElement("button"));
  button.type = "button";
  button.className = "choice";
  button.lang = written;
  button.dir = "auto";
  button.textContent = question;
  button.addEventListener("click", () => {
    const detail = { question, language };
    button.dispatchEvent(new CustomEvent("faq-ask", { bubbles: true, detail }));
  });
  return item;
}

function citation({ question, language, url }) {
  const link = document.createElement("a");
  if (url) link.href = url;
  const cited = /^https?:$/.test(link.protocol) ? link : document.createElement("span");
  cited.textContent = question;
  cited.lang = language;
  cited.dir = "auto";
  cited.rel = "noopener noreferrer";
  return cited;
}

// The number in an element of its own, which stays in one piece.
function numbered(ticket) {
  const number = document.createElement("bdi");
  number.textContent = ticket;
  const [before, after] = text("ticket_number", { ticket: "\n" }).split("\n");
  return [before, number, after];
}

function degreeOf(value, threshold) {
  if (value < threshold) return "confidence_low";
  return value < (1 + threshold) / 2 ? "confidence_enough" : "confidence_high";
}

export function onSubmit(form, action) {
  const button = form.querySelector("[type=submit]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    await attempt(form.querySelector(".field-error"), action);
    button.ariaDisabled = "false";
  });
}

async function attempt(place, action) {
  if (place) hush(place);
  try {
    await action();
  } catch (error) {
    if (!(error instanceof Failure) || !place) throw error;
    say(place, error.text, error.values);
  }
}

customElements.define("faq-answer", FaqAnswer);
customElements.define("faq-coming", FaqComing);
