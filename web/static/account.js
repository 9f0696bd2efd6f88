"use strict";

// The pages for signing in and for one's own account work without this script, but for passkeys.

// takeSecret moves the secret of a link from the address, where it would stay in the history, into the form, and sends that.
// It shows what the link is for, and uses nothing up.
function takeSecret() {
	const field = document.querySelector("input[data-fragment]");
	const secret = location.hash.slice(1);
	// What a page leads to within itself is no secret.
	if (!field || secret === "" || document.getElementById(secret)) {
		return;
	}
	history.replaceState(null, "", location.pathname + location.search);
	field.value = secret;
	field.form.requestSubmit();
}

// addShow adds to a password the button that shows it.
function addShow(field) {
	const button = document.createElement("button");
	button.type = "button";
	button.textContent = field.dataset.show;
	button.setAttribute("aria-controls", field.id);
	button.addEventListener("click", () => {
		const show = field.type === "password";
		field.type = show ? "text" : "password";
		button.textContent = show ? field.dataset.hide : field.dataset.show;
	});
	// No password stays visible in what the browser remembers of forms.
	field.form.addEventListener("submit", () => (field.type = "password"));
	const around = document.createElement("span");
	around.className = "shown";
	field.replaceWith(around);
	around.append(field, button);
}

// Binary data is base64url in JSON (Web Authentication, level 3, 5.1.8 to 5.1.10). The browser's own converters are too new, and
// some password managers leave them out.
function bytesOf(text) {
	return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
}

function textOf(buffer) {
	const text = btoa(String.fromCharCode(...new Uint8Array(buffer)));
	return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function optionsOf({ publicKey }) {
	publicKey.challenge = bytesOf(publicKey.challenge);
	if (publicKey.user) {
		publicKey.user.id = bytesOf(publicKey.user.id);
	}
	for (const known of [...(publicKey.allowCredentials ?? []), ...(publicKey.excludeCredentials ?? [])]) {
		known.id = bytesOf(known.id);
	}
	return { publicKey };
}

function credentialOf(made) {
	const response = {};
	for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
		if (made.response[name]) {
			response[name] = textOf(made.response[name]);
		}
	}
	response.transports = made.response.getTransports?.();
	return {
		id: made.id,
		rawId: textOf(made.rawId),
		type: made.type,
		authenticatorAttachment: made.authenticatorAttachment ?? undefined,
		clientExtensionResults: made.getClientExtensionResults(),
		response,
	};
}

// post asks the server, and gives its answer. It fails with the status where that is not the one hoped for.
async function post(address, body, signal) {
	const answer = await fetch(address, {
		method: "POST",
		headers: { Accept: "application/json", "Content-Type": "application/json" },
		body: body && JSON.stringify(body),
		signal,
	});
	if (!answer.ok) {
		throw Object.assign(new Error(answer.statusText), { status: answer.status });
	}
	return answer.json();
}

// askPasskey asks the authenticator what the button says.
async function askPasskey({ passkey, begin }, manner) {
	const options = optionsOf(await post(begin, undefined, manner?.signal));
	return credentialOf(await navigator.credentials[passkey]({ ...options, ...manner }));
}

// withNext adds to an address where to go afterwards.
function withNext(address, next) {
	const to = new URL(address, location);
	to.searchParams.set("next", next);
	return to;
}

// givePasskey hands its answer to the server, and goes on from there.
async function givePasskey({ passkey, finish, next }, made, name) {
	const answer = await post(withNext(finish, next), passkey === "create" ? { name, credential: made } : made);
	location.assign(answer.next);
}

// usePasskey does what the button says: signs in by a passkey, proves by one who sits here, or makes one.
async function usePasskey(told, name) {
	try {
		await givePasskey(told, await askPasskey(told), name);
	} catch (error) {
		if (error.status === 401 && told.confirm) {
			location.reload(); // it leads to where one signs in
		} else if (error.status === 403 && told.confirm) {
			// What makes a passkey has to prove anew who they are.
			location.assign(withNext(told.confirm, told.next));
		} else {
			throw error;
		}
	}
}

// offerPasskeys lets the browser offer passkeys where it fills in the address (Web Authentication, level 3, 5.1.4: conditional
// mediation), until it is aborted. Whoever chooses none notices nothing, so what goes wrong before is not said.
async function offerPasskeys(told, tell, signal) {
	let made;
	try {
		if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) {
			return;
		}
		made = await askPasskey(told, { mediation: "conditional", signal });
	} catch {
		return;
	}
	try {
		await givePasskey(told, made);
	} catch (error) {
		tell(error);
	}
}

function readyPasskey(button) {
	const note = button.parentElement.parentElement.querySelector("[role=alert]");
	const tell = ({ status }) => {
		note.textContent = status === 429 ? button.dataset.late : button.dataset.failed;
		note.hidden = false;
	};
	const offer = new AbortController();
	// Whoever signs in otherwise has begun something else, which its answer must not take the place of.
	document.addEventListener("submit", () => offer.abort());
	const offered = document.querySelector("input[autocomplete~=webauthn]") && offerPasskeys(button.dataset, tell, offer.signal);
	let busy = false;
	button.addEventListener("click", async (event) => {
		event.preventDefault();
		if (busy) {
			return;
		}
		busy = true;
		note.hidden = true;
		try {
			offer.abort(); // a browser answers one question at a time
			await offered;
			await usePasskey(button.dataset, button.form?.elements.namedItem("name")?.value ?? "");
		} catch (error) {
			tell(error);
		}
		busy = false;
	});
}

takeSecret();
addEventListener("hashchange", takeSecret);
for (const field of document.querySelectorAll("input[data-show]")) {
	addShow(field);
}
if (window.PublicKeyCredential && navigator.credentials) {
	for (const part of document.querySelectorAll("[data-passkeys]")) {
		part.hidden = false;
	}
	for (const button of document.querySelectorAll("button[data-passkey]")) {
		readyPasskey(button);
	}
}
for (const part of document.querySelectorAll("[data-insecure]")) {
	part.hidden = isSecureContext;
}
for (const button of document.querySelectorAll("button[data-print]")) {
	button.hidden = false;
	button.addEventListener("click", () => print());
}
