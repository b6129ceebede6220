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

// The answer; until it is whole, `tell` is told each event that it has a method for.
// Where nothing can be streamed, or a stream is cut off, the answer comes in one piece.
export async function ask(question, key, tell) {
  const whole = canStream() ? await streamed({ ...question, stream: true }, key, tell) : null;
  return whole ?? post("v1/ask", question, key);
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

function canStream() {
  return typeof TextDecoderStream === "function" && "body" in Response.prototype;
}

// The server lets itself be heard every few seconds; silence means that the stream is dead.
async function streamed(question, key, tell) {
  const ending = new AbortController();
  let timer;
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => ending.abort(), PATIENCE_MS);
  };
  listen();
  try {
    const response = await request("v1/ask", posted(question, key), ending.signal);
    for await (const { name, data } of events(response.body, listen)) {
      if (name === "final") return data;
      if (name === "error") throw failureOf(data.status, data);
      tell[name]?.(data);
    }
  } catch (error) {
    ending.abort();
    if (error instanceof Failure) throw error;
  } finally {
    clearTimeout(timer);
  }
  return null;
}

async function* events(body, onWords) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      onWords();
      const told = (rest + value).split("\n\n");
      rest = told.pop();
      for (const event of told) {
        const [, name, data] = event.match(/^event: (.*)\ndata: (.*)$/);
        yield { name, data: JSON.parse(data) };
      }
    }
  } finally {
    reader.read().catch(() => {}); // up to its end, so that the connection can be used again
  }
}

function post(path, body, key) {
  return send(path, posted(body, key));
}

function posted(body, key) {
  const headers = { "Content-Type": "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  return { method: "POST", headers, body: JSON.stringify(body) };
}

async function send(path, options) {
  return (await request(path, options, AbortSignal.timeout(PATIENCE_MS))).json();
}

async function request(path, options, signal) {
  let response;
  try {
    response = await fetch(path, { ...options, signal });
  } catch {
    throw new Failure(signal.aborted ? "error_try_later" : "error_offline");
  }
  if (response.ok) return response;
  throw failureOf(response.status, await response.json().catch(() => ({})));
}

function failureOf(status, problem) {
  const tooLong = problem.errors?.some((error) => error.code === "string_too_long");
  if (status === 413 || tooLong) return new Failure("error_too_long", { limit: MOST_CHARACTERS });
  if (status === 429) return new Failure("error_too_many_requests");
  return new Failure(problem.code === "not_ready" ? "not_ready" : "error_try_later");
}
