// The dialogue in which a visitor asks for a person.

import { onSubmit } from "./answer.js";
import { newKey, openTicket } from "./service.js";
import { currentLanguage, text } from "./texts.js";

const dialog = document.getElementById("person");
const form = document.getElementById("person-form");
const { question, contact } = form.elements;

// What is typed in `field` already is taken over. `onOpened` is told of the ticket as of an answer.
export function offerPerson(field, conversation, onOpened) {
  let key = newKey();
  document.getElementById("talk").addEventListener("click", () => {
    question.value ||= field.value;
    dialog.showModal();
  });
  form.addEventListener("input", () => (key = newKey()));
  document.getElementById("person-cancel").addEventListener("click", () => dialog.close());
  onSubmit(form, async () => {
    const words = question.value.trim();
    const reach = contact.value.trim();
    const opened = await openTicket(
      {
        question: words || undefined,
        contact: reach || undefined,
        page_language: currentLanguage(),
        conversation_id: conversation(),
      },
      key,
    );
    key = newKey();
    dialog.close();
    form.reset();
    const asked = words || text("talk_to_person");
    onOpened({ question: asked, contacted: Boolean(reach), answer: confirmation(opened) });
  });
}

// A ticket opened on a visitor's wish, told as an answer.
function confirmation({ ticket_id, status, conversation_id, message, language, direction }) {
  const paragraph = document.createElement("p");
  paragraph.textContent = message;
  return {
    conversation_id,
    outcome: "handoff",
    answer: { text: message, html: paragraph.outerHTML, language, direction },
    citations: [],
    alternatives: [],
    handoff: { ticket_id, status, message },
  };
}
