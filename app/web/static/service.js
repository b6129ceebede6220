// The HTTP interface, with its failures told apart by what a visitor can do about them.

export const MOST_CHARACTERS = 1000;

const PATIENCE_MS = 30_000;

export class Failure extends Error {
  constructor(text, values = {}) {
    super(text);
    this.text = text; // id of the text that tells it
    this.values = values;
  }
}

export function ask(question, key) {
  return post("v1/ask", question, key);
}

export function openTicket(request, key) {
  return post("v1/handoffs", request, key);
}

export function rate(answerId, rating, comment) {
  const feedback = comment ? { rating, comment } : { rating };
  return post(`v1/answers/${encodeURIComponent(answerId)}/feedback`, feedback, newKey());
}

export function search(question, language, limit) {
  return post("v1/search", { question, language, limit });
}

export function languages() {
  return send("v1/languages");
}

export function interfaceTexts(language) {
  return send(`v1/ui/${encodeURIComponent(language)}`);
}

// Sent with what must happen once only, however often it is tried.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function post(path, body, key) {
  const headers = { "Content-Type": "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  return send(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function send(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    throw new Failure(error.name === "TimeoutError" ? "error_try_later" : "error_offline");
  }
  if (response.ok) return response.json();
  throw failureOf(response.status, await response.json().catch(() => ({})));
}

function failureOf(status, problem) {
  const tooLong = problem.errors?.some((error) => error.code === "string_too_long");
  if (status === 413 || tooLong) return new Failure("error_too_long", { limit: MOST_CHARACTERS });
  if (status === 429) return new Failure("error_too_many_requests");
  return new Failure(problem.code === "not_ready" ? "not_ready" : "error_try_later");
}
