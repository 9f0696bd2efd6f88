// The pages for signing in and for one's own account work without this script, but for passkeys.

// takeSecret moves the secret of a link from the address, where it would stay in the history, into the form, and sends that.
// It shows what the link is for, and uses nothing up.
function takeSecret(): void {
	const field = document.querySelector<HTMLInputElement>("input[data-fragment]");
	const secret = location.hash.slice(1);
	// What a page leads to within itself is no secret.
	if (!field || secret === "" || document.getElementById(secret)) {
		return;
	}
	history.replaceState(null, "", location.pathname + location.search);
	field.value = secret;
	field.form?.requestSubmit();
}

// addShow adds to a password the button that shows it.
function addShow(field: HTMLInputElement): void {
	const button = document.createElement("button");
	button.type = "button";
	button.textContent = field.dataset.show ?? "";
	button.setAttribute("aria-controls", field.id);
	button.addEventListener("click", () => {
		const show = field.type === "password";
		field.type = show ? "text" : "password";
		button.textContent = (show ? field.dataset.hide : field.dataset.show) ?? "";
	});
	// No password stays visible in what the browser remembers of forms.
	field.form?.addEventListener("submit", () => (field.type = "password"));
	const around = document.createElement("span");
	around.className = "shown";
	field.replaceWith(around);
	around.append(field, button);
}

// Told is what a button says of a passkey that is asked for.
type Told = DOMStringMap;

// Options are those of a passkey, as far as they hold binary data.
interface Named<Bytes> {
	id: Bytes;
}
interface Options<Bytes> {
	challenge: Bytes;
	user?: Named<Bytes>;
	allowCredentials?: Named<Bytes>[];
	excludeCredentials?: Named<Bytes>[];
}

// Refused is what an answer says that is not the one hoped for.
class Refused extends Error {
	constructor(readonly status: number, text: string) {
		super(text);
	}
}

const statusOf = (error: unknown): number => (error instanceof Refused ? error.status : 0);

// Binary data is base64url in JSON (Web Authentication, level 3, 5.1.8 to 5.1.10). The browser's own converters are too new, and
// some password managers leave them out.
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
}

function textOf(buffer: ArrayBuffer): string {
	const text = btoa(String.fromCharCode(...new Uint8Array(buffer)));
	return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function optionsOf({ publicKey }: { publicKey: Options<string> }): { publicKey: Options<BufferSource> } {
	const named = (known: Named<string>) => ({ ...known, id: bytesOf(known.id) });
	const options: Options<BufferSource> = {
		...publicKey,
		challenge: bytesOf(publicKey.challenge),
		user: publicKey.user && named(publicKey.user),
		allowCredentials: publicKey.allowCredentials?.map(named),
		excludeCredentials: publicKey.excludeCredentials?.map(named),
	};
	return { publicKey: options };
}

function credentialOf(made: PublicKeyCredential): unknown {
	// An AuthenticatorAttestationResponse or an AuthenticatorAssertionResponse: each has some of these.
	const given = made.response as unknown as Record<string, ArrayBuffer | undefined>;
	const response: Record<string, unknown> = {};
	for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
		const bytes = given[name];
		if (bytes) {
			response[name] = textOf(bytes);
		}
	}
	response.transports = (made.response as Partial<AuthenticatorAttestationResponse>).getTransports?.();
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
async function post(address: string | URL, body?: unknown, signal?: AbortSignal): Promise<any> {
	const answer = await fetch(address, {
		method: "POST",
		headers: { Accept: "application/json", "Content-Type": "application/json" },
		body: body === undefined ? undefined : JSON.stringify(body),
		signal,
	});
	if (!answer.ok) {
		throw new Refused(answer.status, answer.statusText);
	}
	return answer.json();
}

// askPasskey asks the authenticator what the button says.
async function askPasskey({ passkey, begin = "" }: Told, manner?: CredentialRequestOptions): Promise<unknown> {
	const options = optionsOf(await post(begin, undefined, manner?.signal));
	const asked = { ...options, ...manner } as CredentialCreationOptions & CredentialRequestOptions;
	const made = await (passkey === "create" ? navigator.credentials.create(asked) : navigator.credentials.get(asked));
	return credentialOf(made as PublicKeyCredential);
}

// withNext adds to an address where to go afterwards.
function withNext(address = "", next = ""): URL {
	const to = new URL(address, location.href);
	to.searchParams.set("next", next);
	return to;
}

// givePasskey hands its answer to the server, and goes on from there.
async function givePasskey({ passkey, finish, next }: Told, made: unknown, name?: string): Promise<void> {
	const answer = await post(withNext(finish, next), passkey === "create" ? { name, credential: made } : made);
	location.assign(answer.next);
}

// usePasskey does what the button says: signs in by a passkey, proves by one who sits here, or makes one.
async function usePasskey(told: Told, name: string): Promise<void> {
	try {
		await givePasskey(told, await askPasskey(told), name);
	} catch (error) {
		if (statusOf(error) === 401 && told.confirm) {
			location.reload(); // it leads to where one signs in
		} else if (statusOf(error) === 403 && told.confirm) {
			// What makes a passkey has to prove anew who they are.
			location.assign(withNext(told.confirm, told.next).href);
		} else {
			throw error;
		}
	}
}

// offerPasskeys lets the browser offer passkeys where it fills in the address (Web Authentication, level 3, 5.1.4: conditional
// mediation), until it is aborted. Whoever chooses none notices nothing, so what goes wrong before is not said.
async function offerPasskeys(told: Told, tell: (error: unknown) => void, signal: AbortSignal): Promise<void> {
	let made: unknown;
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

function readyPasskey(button: HTMLButtonElement): void {
	const note = button.parentElement?.parentElement?.querySelector<HTMLElement>("[role=alert]");
	if (!note) {
		return;
	}
	const tell = (error: unknown) => {
		note.textContent = (statusOf(error) === 429 ? button.dataset.late : button.dataset.failed) ?? "";
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
			await usePasskey(button.dataset, button.form?.querySelector<HTMLInputElement>("[name=name]")?.value ?? "");
		} catch (error) {
			tell(error);
		}
		busy = false;
	});
}

takeSecret();
addEventListener("hashchange", takeSecret);
for (const field of document.querySelectorAll<HTMLInputElement>("input[data-show]")) {
	addShow(field);
}
if (window.PublicKeyCredential && navigator.credentials) {
	for (const part of document.querySelectorAll<HTMLElement>("[data-passkeys]")) {
		part.hidden = false;
	}
	for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-passkey]")) {
		readyPasskey(button);
	}
}
for (const part of document.querySelectorAll<HTMLElement>("[data-insecure]")) {
	part.hidden = isSecureContext;
}
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
	button.hidden = false;
	button.addEventListener("click", () => print());
}
