package credential

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"plenary/internal/agenda"
)

// What every authenticator app understands (RFC 6238): six digits of HMAC-SHA-1, anew every 30 seconds.
const (
	totpPeriod = 30 // seconds
	totpSecret = 20 // bytes: as many as RFC 4226, section 4, recommends
	// totpSkew is how many steps a clock may be ahead or behind (RFC 6238, section 5.2).
	totpSkew = 1
)

// TOTP is a new secret, which the person's app and the server share.
type TOTP struct {
	Secret string // base32
	URL    string // otpauth://, to be shown as a QR code
}

// NewTOTP makes a secret. The issuer and the account are what the app shows beside the code.
func NewTOTP(random io.Reader, issuer, account string) (TOTP, error) {
	// The two are one label, with a colon between them.
	label := strings.NewReplacer(":", " ")
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: label.Replace(issuer), AccountName: label.Replace(account), Period: totpPeriod, SecretSize: totpSecret,
		Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1, Rand: random,
	})
	if err != nil {
		return TOTP{}, fmt.Errorf("a secret for one-time codes: %w", err)
	}
	return TOTP{Secret: key.Secret(), URL: key.URL()}, nil
}

// VerifyTOTP tells whether a code fits the secret at that time, one step of 30 seconds earlier or later included, and answers
// with its step. A code is good once: a step that is not after the last one is refused, so the caller keeps the step in the
// transaction that lets the person in. The error is Internal when the secret is none.
func VerifyTOTP(secret, code string, at time.Time, last int64) (step int64, ok bool, err error) {
	code = strings.Join(strings.Fields(code), "")
	now := at.Unix() / totpPeriod
	for candidate := max(now-totpSkew, last+1, 0); candidate <= now+totpSkew; candidate++ {
		right, err := hotp.GenerateCodeCustom(secret, uint64(candidate), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false, agenda.Errorf(agenda.Internal, "The secret of the one-time codes can't be read: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 {
			step, ok = candidate, true
		}
	}
	return step, ok, nil
}

// Recovery codes let in a person who has lost the app.
const (
	RecoveryCodes = 10
	recoverySize  = 15 // bytes: 120 bits, which makes a hash without salt and cost enough (ASVS 5.0, 6.5.2, asks for 112)
	recoveryGroup = 4  // characters
)

// crockford is base32 without letters that look like digits or make words.
const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

var recoveryEncoding = base32.NewEncoding(crockford).WithPadding(base32.NoPadding)

// NewRecoveryCodes makes codes to be shown once and written down, such as
// "7kq2-x0f9-mz3t-41bw-p5hd-c86v".
func NewRecoveryCodes(random io.Reader) ([]string, error) {
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		raw := make([]byte, recoverySize)
		if _, err := io.ReadFull(random, raw); err != nil {
			return nil, fmt.Errorf("recovery codes: %w", err)
		}
		text := recoveryEncoding.EncodeToString(raw)
		var groups []string
		for ; text != ""; text = text[recoveryGroup:] {
			groups = append(groups, text[:recoveryGroup])
		}
		codes[i] = strings.Join(groups, "-")
	}
	return codes, nil
}

// HashRecoveryCode gives the form in which a code is kept: SHA-256, in hexadecimal, of what the code says however it is typed.
func HashRecoveryCode(code string) string {
	code = strings.NewReplacer("-", "", "–", "", " ", "", "\t", "", "o", "0", "i", "1", "l", "1").Replace(strings.ToLower(strings.TrimSpace(code)))
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// MatchRecoveryCode finds the hash of a code among those that are left, in the same time wherever it is. The caller strikes it
// out: a code is good once.
func MatchRecoveryCode(hashes []string, code string) (at int, ok bool) {
	typed := []byte(HashRecoveryCode(code))
	for i, hash := range hashes {
		if subtle.ConstantTimeCompare([]byte(hash), typed) == 1 {
			at, ok = i, true
		}
	}
	return at, ok
}
