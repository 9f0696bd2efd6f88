package media

import (
	"path"
	"strings"
	"unicode"
)

// maxFileName is how long a file's name may be, in bytes, without its extension: 255 is what file systems take.
const maxFileName = 150

// FileName gives a name under which people can save a file, from what somebody called it: its last part, without what
// steers terminals, turns the direction of writing or means something to a file system, and with the extension that the
// file's content asks for. It is for telling, never for opening anything.
func FileName(said, extension string) string {
	said = strings.ToValidUTF8(said, "")
	said = said[strings.LastIndexAny(said, `/\`)+1:]
	if had := path.Ext(said); len(had) <= 6 {
		said = strings.TrimSuffix(said, had)
	}
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case strings.ContainsRune(`<>:"|?*%;`, r):
			return '-'
		case !unicode.IsPrint(r): // controls, and the marks that turn the direction of writing
			return -1
		}
		return r
	}, said)
	clean = strings.Join(strings.Fields(clean), " ")
	for len(clean) > maxFileName {
		r := []rune(clean)
		clean = string(r[:min(len(r)-1, maxFileName)])
	}
	if clean = strings.Trim(clean, " ."); clean == "" {
		clean = "file"
	}
	return clean + extension
}
