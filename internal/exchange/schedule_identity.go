package exchange

import (
	"cmp"
	"crypto/sha1" // #nosec G505 -- version 5 of UUIDs is SHA-1, and protects nothing
	"fmt"
	"regexp"
	"strings"

	"plenary/internal/agenda"
)

var canonicalUUID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// scheduleGUID gives the UUID of a thing: its ID, or one made from that where it is none.
func scheduleGUID(kind string, id agenda.ID) string {
	if canonicalUUID.MatchString(string(id)) {
		return string(id)
	}
	return namedUUID(scheduleSpace, kind+" "+string(id))
}

// scheduleSpace is the namespace of the UUIDs that are made from names here.
var scheduleSpace = [16]byte{0x6f, 0x1c, 0x3e, 0x52, 0x8a, 0x0d, 0x4b, 0x7e, 0x9c, 0x35, 0x2d, 0x94, 0xe7, 0xb0, 0xa1, 0xf8}

// namedUUID gives the UUID of a name in a namespace (version 5: RFC 9562, 5.5).
func namedUUID(space [16]byte, name string) string {
	sum := sha1.Sum(append(space[:], name...)) // #nosec G401 -- version 5 is SHA-1, and protects nothing
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// acronymOf gives the Event's short name as both schemas allow it: `[a-z0-9_]{4,}`.
func acronymOf(slug string) string {
	acronym := strings.ReplaceAll(asciiWords(slug), "-", "_")
	if len(acronym) < 4 {
		acronym = strings.TrimLeft(acronym+"_event", "_")
	}
	return acronym
}

// longestSlug is how much of a title a slug has, in characters.
const longestSlug = 60

// slugOf gives an event's name for addresses and files: `[a-z0-9_]{4,}-[a-z0-9_-]{4,}` in the XML, and in JSON with a
// letter or digit at the end. The number makes it unique.
func slugOf(acronym string, number int, title, format string) string {
	words := asciiWords(title)
	if len(words) > longestSlug {
		words = words[:longestSlug+1]
		if i := strings.LastIndexByte(words, '-'); i > 0 {
			words = words[:i]
		}
		words = words[:min(len(words), longestSlug)]
	}
	if len(words) < 3 {
		words = strings.Trim(words+"-"+cmp.Or(asciiWords(format), "panel"), "-")
	}
	return fmt.Sprintf("%s-%d-%s", acronym, number, words)
}
