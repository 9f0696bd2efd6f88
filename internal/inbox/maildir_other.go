//go:build !unix

package inbox

// lock keeps nobody apart: a letter that is taken twice changes nothing.
func lock(string) (unlock func(), alone bool, err error) { return func() {}, true, nil }
