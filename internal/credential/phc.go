package credential

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"

	"plenary/internal/agenda"
)

// What a stored hash may ask for. A database is not trusted to make the program take all memory there is.
const (
	maxPHC     = 512       // characters
	maxMemory  = 128 << 10 // KiB
	maxPasses  = 16
	maxThreads = 16
	minSalt    = 8
	minKey     = 16
	maxPart    = 64 // bytes of salt and key
)

// phc is a hash with everything that is needed to compute it again: a PHC string
// (https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md) of argon2id, version 1.3.
type phc struct {
	params Params
	salt   []byte
	key    []byte
}

var encoding = base64.RawStdEncoding.Strict()

// String is the one way in which parsePHC reads it.
func (h phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.params.Memory, h.params.Passes, h.params.Threads,
		encoding.EncodeToString(h.salt), encoding.EncodeToString(h.key))
}

// parsePHC reads a stored hash. The error does not repeat it.
func parsePHC(s string) (phc, error) {
	var h phc
	parts := strings.Split(s, "$")
	if len(s) > maxPHC || len(parts) != 6 || parts[0] != "" {
		return phc{}, notPHC("is not a PHC string")
	}
	if parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return phc{}, notPHC("is not of argon2id 1.3")
	}
	costs := strings.Split(parts[3], ",")
	if len(costs) != 3 {
		return phc{}, notPHC("has other parameters than m, t and p")
	}
	memory, okM := number(costs[0], "m=", maxMemory)
	passes, okT := number(costs[1], "t=", maxPasses)
	threads, okP := number(costs[2], "p=", maxThreads)
	if !okM || !okT || !okP || memory < 8*threads {
		return phc{}, notPHC("has parameters that can't be, or cost too much")
	}
	h.params = Params{Memory: uint32(memory), Passes: uint32(passes), Threads: uint8(threads)} // #nosec G115 -- number bounds them
	var errSalt, errKey error
	h.salt, errSalt = encoding.DecodeString(parts[4])
	h.key, errKey = encoding.DecodeString(parts[5])
	if errSalt != nil || errKey != nil || strings.ContainsAny(s, "\r\n") {
		return phc{}, notPHC("is not in base64")
	}
	if len(h.salt) < minSalt || len(h.salt) > maxPart || len(h.key) < minKey || len(h.key) > maxPart {
		return phc{}, notPHC("has a salt or a key that is too short or too long")
	}
	return h, nil
}

// number reads a decimal number from 1 to most as the specification writes it: no sign, no zeros in front.
func number(s, name string, most int) (int, bool) {
	digits, named := strings.CutPrefix(s, name)
	n, err := strconv.Atoi(digits)
	return n, named && err == nil && strconv.Itoa(n) == digits && n >= 1 && n <= most
}

func notPHC(why string) error {
	return agenda.Errorf(agenda.Internal, "The stored password can't be read: %w", fmt.Errorf("the hash %s", why))
}
