// The secret of a personal link is in the fragment, which browsers keep to themselves: no server on the way, no log and no
// other page learns it. It is taken out of the address before anything else happens, and sent once.
const form = document.getElementById("open");
function open() {
	const secret = location.hash.slice(1);
	if (!/^[A-Za-z0-9_-]{20,}$/.test(secret)) {
		return; // a part of the page, such as #content
	}
	history.replaceState(null, "", location.pathname + location.search);
	form.elements.secret.value = secret;
	form.submit();
}
addEventListener("hashchange", open);
open();
