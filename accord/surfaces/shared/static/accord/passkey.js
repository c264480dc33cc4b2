/* Passkeys: take the server's options, ask the device, send back what it says.
   A form says what it wants: data-passkey="create" or "get", data-options="#id of the options" or an address. */
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ids = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

  // Browsers from before 2024 have no parse…FromJSON and no toJSON: the same by hand.
  const forCreate = (options) => PublicKeyCredential.parseCreationOptionsFromJSON?.(options) ?? {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: ids(options.excludeCredentials),
  };
  const forGet = (options) => PublicKeyCredential.parseRequestOptionsFromJSON?.(options) ?? {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: ids(options.allowCredentials),
  };
  const written = (key) => {
    if (key.toJSON) return key.toJSON();
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const response = Object.fromEntries(parts.filter((part) => key.response[part]).map((part) => [part, text(key.response[part])]));
    return { id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: key.getClientExtensionResults() };
  };

  const options = async (form) => {
    const from = form.dataset.options;
    if (from.startsWith("#")) return JSON.parse(document.querySelector(from).textContent);
    const answer = await fetch(from, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  };
  const ask = async (form) => {
    const given = await options(form);
    return form.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: forCreate(given.creation_options.publicKey) })
      : navigator.credentials.get({ publicKey: forGet(given.request_options.publicKey) });
  };

  const wire = (form) => {
    const button = form.querySelector("[data-passkey-button]");
    const trouble = form.querySelector("[data-passkey-trouble]");
    if (!window.PublicKeyCredential) {
      button.hidden = true;
      form.querySelector("[data-passkey-missing]").hidden = false;
      return;
    }
    button.addEventListener("click", async () => {
      trouble.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(written(await ask(form)));
        form.submit();
      } catch {
        trouble.hidden = false; // cancelled, timed out, or a key that is not ours: for the person it is the same
      }
    });
    // Enter in the name field asks the device too, instead of sending a form without a key.
    form.addEventListener("submit", (event) => { if (!form.elements.credential.value) { event.preventDefault(); button.click(); } });
  };
  document.querySelectorAll("form[data-passkey]").forEach(wire);
})();
