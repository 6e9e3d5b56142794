// Holds one conversation through the official client, by each of its two kinds of credentials,
// and prints what it saw as JSON. Usage: node client.mjs BASE FORM_ID VALUES_AS_JSON

import { createClient, ApiKeyStrategy, AppStrategy } from "@wix/sdk";
import { forms, interactiveFormSessions, submissions } from "@wix/forms";
import { checkout, cartV2, orders } from "@wix/ecom";

const [base, formId, values] = process.argv.slice(2);
const UPSTREAM = "https://www.wixapis.com";

// The client's addresses are fixed, so every request is turned to the sandbox on its way out.
const direct = globalThis.fetch;
globalThis.fetch = (target, options) => {
  const address = String(target?.url ?? target);
  if (!address.startsWith(UPSTREAM)) throw new Error(`not for the upstream: ${address}`);
  return direct(base + address.slice(UPSTREAM.length), options);
};

const modules = { forms, interactiveFormSessions, submissions, checkout, cartV2, orders };

const strategies = {
  key: ApiKeyStrategy({ apiKey: "sandbox-key", siteId: "sandbox-site" }),
  app: AppStrategy({
    appId: "sandbox-app",
    appSecret: "sandbox-secret",
    instanceId: "sandbox-instance",
  }),
};

const refused = (auth) =>
  createClient({ auth, modules })
    .forms.getForm(formId)
    .then(
      () => "accepted",
      (error) => error.details?.applicationError?.code ?? String(error),
    );

const failure = (promise) =>
  promise.then(
    () => "no error",
    (error) => error.details?.applicationError?.code ?? error.message,
  );

async function converse(auth) {
  const client = createClient({ auth, modules });
  const sessions = client.interactiveFormSessions;
  const form = await client.forms.getForm(formId);
  const found = await client.forms.queryForms().eq("namespace", form.namespace).find();
  const listed = await client.forms.listForms(form.namespace);
  const digest = await client.forms.getFormSummary(formId);
  const summary = await sessions.generateFormSummary(structuredClone(form));
  const session = await sessions.createInteractiveFormSession(formId, {
    currentValues: JSON.parse(values),
  });
  const raw = await client.fetchWithAuth(`${UPSTREAM}/forms/ai/v1/interactive-form-sessions`, {
    method: "POST",
    body: JSON.stringify({ formId }),
  });
  const greeting = (await raw.json()).responseChunks;
  const answer = await sessions.sendUserMessage(session._id, { input: "yes" });
  const last = answer.responseChunks.find((chunk) => chunk.chunkType === "SUBMISSION");
  const { submissionId, checkoutId } = last.submissionDetails;
  const waiting = await client.submissions.getSubmission(submissionId);
  const { checkoutUrl } = await client.checkout.getCheckoutUrl(checkoutId);
  const second = await client.cartV2.getCheckoutUrl(checkoutId);
  await direct(`${checkoutUrl}/pay`, { method: "POST" });
  const paid = await client.submissions.getSubmission(submissionId);
  const bought = await client.orders.searchOrders({ filter: { checkoutId: { $eq: checkoutId } } });
  const order = await client.orders.getOrder(bought.orders[0]._id);
  const filled = await client.submissions
    .querySubmissionsByNamespace()
    .eq("namespace", form.namespace)
    .eq("formId", formId)
    .ge("createdDate", new Date(0))
    .find();
  return {
    form: form._id,
    found: found.items.map((item) => item._id).includes(formId),
    listed: listed.forms.map((item) => item._id).includes(formId),
    digest: digest.formSummary.fields.map((field) => field.target),
    summary: summary.formSummary,
    session: session.formId,
    greeting: greeting.at(-1).chunkType,
    kinds: answer.responseChunks.map((chunk) => chunk.chunkType),
    waiting: waiting.status,
    checkoutUrl,
    second: second.checkoutUrl === checkoutUrl,
    paid: paid.status,
    created: paid._createdDate instanceof Date,
    order: [order.status, order.paymentStatus, order.checkoutId === checkoutId],
    filled: filled.items.map((item) => item._id).includes(submissionId),
    empty: await failure(sessions.sendUserMessage(session._id, {})),
    unknown: await failure(
      sessions.sendUserMessage("99999999-0000-4000-8000-000000000009", { input: "hi" }),
    ),
  };
}

async function stream(auth) {
  const { interactiveFormSessions: sessions } = createClient({ auth, modules });
  const begun = await sessions.createInteractiveFormSessionStreamed(formId, {
    currentValues: JSON.parse(values),
  });
  const session = begun.interactiveFormSession ?? begun[0].interactiveFormSession;
  const sent = await sessions.sendUserMessageStreamed(session._id, { input: "yes" });
  const chunks = sent.responseChunks ?? Object.values(sent).map((item) => item.responseChunk);
  return chunks.map((chunk) => chunk.chunkType);
}

const seen = {};
for (const [name, auth] of Object.entries(strategies)) seen[name] = await converse(auth);
seen.streamed = await stream(strategies.key);
seen.stranger = await refused(ApiKeyStrategy({ apiKey: "wrong", siteId: "sandbox-site" }));
console.log(JSON.stringify(seen));
