package main

import (
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

type step = chromedp.Action[chromedp.Void]

func click(css string) step { return chromedp.Click(chromedp.CSS(css), chromedp.NodeVisible) }

func fill(css, text string) step {
	return chromedp.SendKeys(chromedp.CSS(css), text, chromedp.NodeVisible)
}

// key is an authenticator that verifies who is there and remembers accounts, as phones and laptops have.
type key struct {
	*browser
	id webauthn.AuthenticatorID
}

func (b *browser) plugIn() key {
	b.t.Helper()
	tell(b, webauthn.Enable, webauthn.EnableParams{})
	return key{b, tell(b, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Ctap2version: webauthn.Ctap2versionCtap21, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}}).AuthenticatorID}
}

// touched says whether somebody answers what the authenticator is asked from now on: with a finger, or by choosing one of the
// passkeys that the browser offers to fill in.
func (k key) touched(yes bool) {
	k.t.Helper()
	tell(k.browser, webauthn.SetAutomaticPresenceSimulation, webauthn.SetAutomaticPresenceSimulationParams{AuthenticatorID: k.id, Enabled: yes})
}

// signOut does so with nobody at the authenticator, who would sign in at once.
func (k key) signOut() {
	k.t.Helper()
	k.touched(false)
	k.leads("/sign-in?done=out", click(`[action="/sign-out"] .button`))
	k.says("You are signed out.")
}

// older is a browser that does not offer passkeys among what it fills in.
const older = `PublicKeyCredential.isConditionalMediationAvailable = undefined`

// From a password to a passkey, in a browser, with the whole program: what no test by HTTP alone can tell.
func TestPasskeysInABrowser(t *testing.T) {
	t.Parallel()
	s := startDemo(t, t.TempDir(), "--addr", "localhost:0") // passkeys belong to names, and 127.0.0.1 is none
	k := openBrowser(t, s.Base).plugIn()
	script := tell(k.browser, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: older})

	k.open("/account", "/sign-in?next=%2Faccount")
	k.leads("/account", fill("#email", s.Email), fill("#password", s.Password), click(`[action="/sign-in"] .button`))
	k.says(s.Email, "Chrome, Linux", "this browser")
	k.leads("/account?done=passkey_added#passkeys", fill("#passkey-name", "Điện thoại của Mai"), click("[data-passkey=create]"))
	k.says("Điện thoại của Mai")
	k.signOut()

	// By the button.
	k.touched(true)
	k.open("/account", "/sign-in?next=%2Faccount")
	k.leads("/account", click("[data-passkey=get]"))
	k.says("last used")
	k.signOut()

	// By what the browser fills in, with no button.
	tell(k.browser, page.RemoveScriptToEvaluateOnNewDocument, page.RemoveScriptToEvaluateOnNewDocumentParams(script))
	k.touched(true)
	k.leads("/account", chromedp.Navigate(k.base+"/sign-in?next=%2Faccount"), chromedp.WaitVisible(chromedp.CSS("#passkeys")))

	// It proves that it is still the same person, and is taken away.
	k.open("/account/confirm?next=%2Faccount%2Fpassword", "/account/confirm?next=%2Faccount%2Fpassword")
	k.leads("/account/password", click("[data-passkey=get]"))
	k.open("/account", "/account")
	k.leads("/account?done=passkey_removed", click(`[action="/account/passkeys/remove"] .button`))
	k.signOut()
	k.quiet()

	// The authenticator still has it, and it opens nothing.
	k.touched(true)
	k.do(chromedp.Navigate(k.base+"/sign-in"), chromedp.WaitVisible(chromedp.CSS("[data-passkeys] [role=alert]")))
	k.says("The passkey did not work")
	k.touched(false)
	k.open("/account/confirm", "/sign-in?next=%2Faccount%2Fconfirm")
	k.quiet("network: Failed to load resource: the server responded with a status of 401 (Unauthorized) /sign-in/passkey")
}
