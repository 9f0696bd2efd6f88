// Package credential is what proves who somebody is: passwords, one-time codes, passkeys, and the word of an institution's
// single sign-on. It is the only package that knows argon2, TOTP, WebAuthn and OpenID Connect.
//
// It keeps nothing. What has to be kept between two calls (a hash, a secret, a ceremony that has begun) is handed to the
// caller, who stores it where the browser can't change it and gives it back: see ADR 0021. It reads no clock either, but for
// how long it waits.
package credential
