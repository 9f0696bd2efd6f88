package credential

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// Sign gives the signature of the parts for a purpose: HMAC-SHA-256 (RFC 2104) in 43 URL-safe characters. A signature for one
// purpose is none for another, and no other parts have it, however they are cut.
func Sign(key, purpose string, parts ...string) string {
	mac := hmac.New(sha256.New, []byte(key))
	for _, part := range append([]string{purpose}, parts...) {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		mac.Write(size[:])
		mac.Write([]byte(part))
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Signed says whether it is the signature of the parts for that purpose. How long that takes tells nothing of the right one.
func Signed(key, signature, purpose string, parts ...string) bool {
	return hmac.Equal([]byte(Sign(key, purpose, parts...)), []byte(signature))
}
